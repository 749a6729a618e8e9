-- Why a resolution was adopted although advice on it was left; null when none was.

alter table resolution add column advice_reason text;
