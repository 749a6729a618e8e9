import { launch, open } from "./lib.mjs";
const B="http://127.0.0.1:8095";
const [who,width,...paths]=process.argv.slice(2);
const b=await launch();
const p=await open(b,B+"/dang-nhap",{width:+width});
await p.fill('input[name="ten"]',who); await p.fill('input[name="mat_khau"]',"sinh hoat nen nep");
await Promise.all([p.waitForNavigation(),p.click('main button, form button')]);
const cb=(await p.content()).match(/\/cb\/(\d+)/)?.[1];
let i=0;
for (const x of paths){ await p.goto(B+x.replace("CB","/cb/"+cb),{waitUntil:"load"}); await p.screenshot({path:`/tmp/shots/look-${width}-${i++}.png`,fullPage:true}); console.log(p.url(),await p.title()); }
await b.close();
