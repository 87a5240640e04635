// Makes statements as the console's page does; the test hands the bundle's path and a desk, and reads what is printed.
const [, , bundle, deskText, subject] = process.argv;
const { canonical, demoKey, open, recall, seal, vkey } = await import(bundle);
const desk = JSON.parse(deskText);
const key = await demoKey(desk.realm, desk.mission, `${desk.letter}/duty`);
const at = "2021-12-01T08:00:00Z";
const fields = {
  happened: "yes", breach: "unable", standard: "credible", kind: "ceasefire_violation",
  where: { place: "place:hadrut", lon_e7: 470000000, lat_e7: 395000000, precision_m: 2000 },
  when: { start: "2020-11-15T06:00:00Z", end: "2020-11-15T08:00:00Z" },
  clause: null, basis: ["report_one"], reasons: "سمع مركزان إطلاق النار، \u2028 «Ж» 😀", responsible: null,
};
const sealed = await seal(desk, key, subject, 0, at, fields);
const opened = await open(desk, key, subject, 0, at, sealed.disclosures);
const recalled = await recall(desk, key, subject, 1, at, "a second report came in");
const odd = canonical({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "😀": 4, "\u0080": 5, "ö": 6, text: "\u0007\"\\/<é" });
process.stdout.write(JSON.stringify({ sealed, opened, recalled, vkey: await vkey(key), odd, fields }));
