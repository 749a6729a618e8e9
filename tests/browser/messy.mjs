// A list of members as an office keeps it, made as a workbook: titles above, a heading over two rows with a merged cell, a name
// in decomposed letters, dates as text, as a number and as a date, empty rows, a row twice, a total below. Plain bytes, no library.
import { crc32 } from "node:zlib";

const escape = (t) => t.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const DAY = 86_400_000;
/** The number under which spreadsheets keep a day. */
const serial = (year, month, day) => Math.round((Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / DAY);
const date = (year, month, day) => ({ date: serial(year, month, day) });

const ROWS = [
  ["ĐẢNG BỘ SỞ XÂY DỰNG", "", "", "", "", "", ""],
  ["", "", "DANH SÁCH ĐẢNG VIÊN CHI BỘ VĂN PHÒNG", "", "", "", ""],
  [],
  ["TT", "Họ và tên", "Năm sinh", "Ngày, tháng, năm", "", "Số thẻ đảng viên", "Ghi chú"],
  ["", "", "", "Vào Đảng", "Chính thức", "", ""],
  [1, "NGUYỄN THỊ HÀ", 1976, "03/02/2001", "03/02/2002", "27.001123", "Bí thư"],
  [2, "Lê Minh Đức", "12/05/1980", "19.5.2006", "19.5.2007", "27.002210", ""],
  [3, "phạm văn an", 1969, date(1995, 9, 2), date(1996, 9, 2), 27000451, ""],
  [4, "Đỗ Quốc Bảo".normalize("NFD"), 1988, date(2015, 7, 27), date(2016, 7, 27), "", ""],
  [],
  [5, "Lê Thị Ánh", 1990, serial(2018, 12, 22), serial(2019, 12, 22), "27.004518", ""],
  [6, "Vũ Ngọc Dung", "1999", "03-02-2026", "", "", "Đảng viên dự bị"],
  [7, "Trịnh Công Đạt", 1983, "1/7/2010", "1/7/2011", "27.003007", ""],
  [7, "Trịnh Công Đạt", 1983, "1/7/2010", "1/7/2011", "27.003007", ""],
  [8, "Hoàng Văn Út", 1958, "30/02/1985", "", "27.000018", ""],
  [9, "Ngô Thị Quỳnh", 1992, "02/09/2020", "02/09/2021", "", ""],
  [],
  ["", "Tổng cộng: 9 đồng chí", "", "", "", "", ""],
];
/** How many people the list holds besides the secretary: new, wrong, twice. */
export const EXPECTED = { fresh: 7, wrong: 1, secretary: "Nguyễn Thị Hà", decomposed: "Đỗ Quốc Bảo" };

const MERGED = ["A1:C1", "C2:G2", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5"];

function cell(value, at) {
  if (value === "" || value === undefined) return "";
  if (typeof value === "object") return `<c r="${at}" s="1"><v>${value.date}</v></c>`;
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  return `<c r="${at}" t="inlineStr"><is><t>${escape(value)}</t></is></c>`;
}

function sheet() {
  const rows = ROWS.map((row, i) => `<row r="${i + 1}">${row.map((v, k) => cell(v, `${"ABCDEFG"[k]}${i + 1}`)).join("")}</row>`);
  const merged = MERGED.map((ref) => `<mergeCell ref="${ref}"/>`).join("");
  return `<worksheet xmlns="${MAIN}"><sheetData>${rows.join("")}</sheetData><mergeCells count="${MERGED.length}">${merged}</mergeCells></worksheet>`;
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const OPEN = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const parts = () => ({
  "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${OPEN}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${OPEN}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${OPEN}.styles+xml"/></Types>`,
  "_rels/.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml": `<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  "xl/worksheets/sheet1.xml": sheet(),
});

/** The files as one archive, stored without compression. */
function zip(files) {
  const local = [], central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = Buffer.from(name), data = Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x21, 8);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    local.push(Buffer.from("PK\x03\x04"), head, path, data);
    central.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), head, place, path);
    offset += 30 + path.length + data.length;
  }
  const index = Buffer.concat(central), end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, index, end]);
}

/** The workbook, ready to be uploaded. */
export const messy = () => ({ name: "Danh sach dang vien.xlsx", mimeType: `${OPEN}.sheet`, buffer: zip(parts()) });
