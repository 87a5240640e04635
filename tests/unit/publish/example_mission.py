"""The pack of the example edition: parties, places, lines, posts, instruments."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from truceline.core.mission import (
    CounterRule,
    CountingRule,
    Mission,
    MissionSettings,
    NamingProfile,
    Procedure,
)
from truceline.core.names import Name, Names
from truceline.core.obligations import (
    Amendment,
    Bearing,
    Clause,
    Instrument,
    Interpretation,
    Obligation,
    PartyReading,
    Variant,
)
from truceline.core.parties import Delegation, Holder, Office, Party, Source
from truceline.core.places import Line, Place, Post
from truceline.core.release import Realm


def names(en: str, ar: str, *, az: str = "", am: str = "") -> Names:
    """Names in two languages, with the parties' own words where they differ."""
    english = (Name(en),)
    if az or am:
        english = (Name(az or en, "party:azerbaijan"), Name(am or en, "party:armenia"))
    return {"en": english, "ar": (Name(ar),)}


def _square(lon: float, lat: float, w: float, h: float) -> dict[str, Any]:
    ring = [
        [lon - w, lat - h],
        [lon + w, lat - h * 0.8],
        [lon + w * 0.9, lat + h],
        [lon - w * 0.8, lat + h * 0.9],
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


ZONES = {
    "zone:north": (names("Northern zone", "المنطقة الشمالية"), _square(46.65, 40.15, 0.35, 0.22)),
    "zone:south": (names("Southern zone", "المنطقة الجنوبية"), _square(46.85, 39.62, 0.28, 0.2)),
}
CORRIDOR = {
    "type": "LineString",
    "coordinates": [[46.40, 39.58], [46.53, 39.64], [46.63, 39.70], [46.72, 39.80]],
}
PLACES = [
    (
        "place:stepanakert",
        "city",
        names("Stepanakert", "ستيباناكيرت", az="Khankendi", am="Stepanakert"),
        46.75,
        39.82,
    ),
    ("place:shusha", "city", names("Shusha", "شوشا", az="Shusha", am="Shushi"), 46.749, 39.758),
    ("place:lachin", "town", names("Lachin", "لاتشين", az="Lachin", am="Berdzor"), 46.545, 39.641),
    ("place:agdam", "district", names("Agdam", "أغدام", az="Agdam", am="Akna"), 46.93, 39.99),
    ("place:kelbajar", "district", names("Kelbajar", "كلبجار", az="Kelbajar", am="Karvachar"), 46.03, 40.1),
    ("place:tartar", "town", names("Tartar", "ترتر"), 46.93, 40.34),
    ("place:goris", "town", names("Goris", "غوريس"), 46.34, 39.51),
    ("place:kilisali", "mountain", names("Mount Kilisali", "جبل كيليسالي"), 46.12, 39.62),
    ("place:fuzuli", "district", names("Fuzuli", "فضولي", az="Fuzuli", am="Varanda"), 47.14, 39.60),
    ("place:askeran", "village", names("Askeran", "أسكيران", az="Asgaran", am="Askeran"), 46.83, 39.94),
]
STEPS = [
    "2020-11-10",
    "2020-11-15",
    "2020-11-16",
    "2020-11-21",
    "2020-11-25",
    "2020-12-01",
    "2021-03-27",
    "2021-11-17",
]


def posts() -> tuple[Post, ...]:
    """Twenty-five posts in two zones and along the corridor, sites made up."""
    out = []
    for i in range(9):
        lon, lat = 46.42 + 0.17 * (i % 3) + 0.03 * (i // 3), 40.02 + 0.12 * (i // 3)
        out.append(
            Post(f"post:N{i + 1}", f"N{i + 1}", "zone:north", "permanent", lon, lat, illustrative=True)
        )
        lon, lat = 46.67 + 0.15 * (i % 3), 39.50 + 0.11 * (i // 3)
        out.append(
            Post(f"post:S{i + 1}", f"S{i + 1}", "zone:south", "permanent", lon, lat, illustrative=True)
        )
    for i in range(7):
        lon, lat = 46.41 + 0.05 * i, 39.585 + 0.033 * i
        out.append(
            Post(f"post:L{i + 1}", f"L{i + 1}", "corridor:lachin", "temporary", lon, lat, illustrative=True)
        )
    return tuple(out)


def lines() -> tuple[Line, ...]:
    """Ground and disputed lines; real borders where the shared folder is at hand."""
    contact = {
        "type": "LineString",
        "coordinates": [
            [46.0, 40.2],
            [46.5, 40.36],
            [46.9, 40.33],
            [47.02, 40.0],
            [47.1, 39.7],
            [47.2, 39.4],
        ],
    }
    out = [
        Line(
            "line:contact-1994",
            "contact_line",
            names("Line of contact, 1994", "خط التماس لعام 1994"),
            contact,
            "Natural Earth",
            valid_from="1994-05-12",
            valid_to="2020-11-09",
            disputed=True,
        ),
        Line(
            "corridor:lachin",
            "corridor",
            names("Lachin corridor", "ممر لاتشين"),
            CORRIDOR,
            "own drawing",
            width_km=5,
            illustrative=True,
        ),
        *(
            Line(slug, "zone", name, shape, "own drawing", illustrative=True)
            for slug, (name, shape) in ZONES.items()
        ),
    ]
    shared = os.environ.get("TRUCELINE_SHARED")
    if shared:
        for file, kind in (("countries", "country"), ("admin1", "district"), ("rivers", "river")):
            found = json.loads((Path(shared) / "geo" / f"{file}.geojson").read_text(encoding="utf-8"))
            for index, feature in enumerate(found["features"]):
                out.append(
                    Line(f"{kind}:{index}", kind, names(kind, kind), feature["geometry"], "Natural Earth")
                )
    return tuple(out)


PARTIES = (
    Party("party:armenia", "state", names("Armenia", "أرمينيا"), {}, ("party",), bound=True),
    Party("party:azerbaijan", "state", names("Azerbaijan", "أذربيجان"), {}, ("party",), bound=True),
    Party("party:russia", "state", names("Russia", "روسيا"), {}, ("guarantor", "contingent", "delegation")),
)
OBLIGATIONS = (
    Obligation(
        "obl:2020-1-ceasefire",
        "1",
        "continuing",
        names("Ceasefire, stop in place", "وقف إطلاق النار والبقاء في المواقع"),
        ("party:armenia", "party:azerbaijan"),
        zones=("zone:north",),
    ),
    Obligation(
        "obl:2020-2-agdam",
        "2",
        "dated",
        names("Agdam is handed over", "تسليم أغدام"),
        ("party:armenia",),
        ("party:azerbaijan",),
        "place:agdam",
        "2020-11-20",
        readings_open=("interp:by",),
    ),
    Obligation(
        "obl:2020-3-ceiling", "3", "cap", names("Ceiling of the contingent", "سقف القوة"), ("party:russia",)
    ),
    Obligation(
        "obl:2020-4-parallel",
        "4",
        "simultaneous",
        names("Deployment in step with withdrawal", "الانتشار بالتوازي مع الانسحاب"),
        ("party:russia",),
    ),
    Obligation(
        "obl:2020-4-term",
        "4",
        "renewing",
        names("Term of five years, renews itself", "مدة خمس سنوات تتجدد"),
        ("party:russia",),
        observable=False,
    ),
    Obligation(
        "obl:2020-5-centre",
        "5",
        "institution",
        names("Joint monitoring centre is set up", "إنشاء مركز المراقبة المشترك"),
        ("party:russia",),
        observable=False,
    ),
    Obligation(
        "obl:2020-6-kelbajar",
        "6",
        "dated",
        names("Kelbajar is handed over", "تسليم كلبجار"),
        ("party:armenia",),
        ("party:azerbaijan",),
        "place:kelbajar",
        "2020-11-15",
    ),
    Obligation(
        "obl:2020-6-lachin",
        "6",
        "dated",
        names("Lachin is handed over, but the corridor", "تسليم لاتشين عدا الممر"),
        ("party:armenia",),
        ("party:azerbaijan",),
        "place:lachin",
        "2020-12-01",
    ),
    Obligation(
        "obl:2020-6-corridor",
        "6",
        "corridor",
        names("Lachin corridor, 5 km wide", "ممر لاتشين"),
        ("party:azerbaijan",),
        must_not_touch=("place:shusha",),
        width_km=5,
    ),
    Obligation(
        "obl:2020-6-route",
        "6",
        "relative",
        names("Plan of a new route", "خطة طريق جديد"),
        ("party:armenia", "party:azerbaijan"),
        due="2023-11-09",
    ),
    Obligation(
        "obl:2020-8-exchange",
        "8",
        "undated",
        names("Prisoners and bodies are exchanged", "تبادل الأسرى والجثامين"),
        ("party:armenia", "party:azerbaijan"),
        observable=False,
    ),
    Obligation(
        "obl:2020-9-links",
        "9",
        "undated",
        names("Transport links are opened", "فتح طرق النقل"),
        ("party:armenia", "party:azerbaijan"),
        in_mandate=False,
    ),
)


def mission() -> Mission:
    """The whole pack of the example."""
    settings = MissionSettings(
        id="example",
        names=names("Nagorno-Karabakh, 2020", "قره باغ، 2020"),
        centre=names("Joint Ceasefire Monitoring Centre", "المركز المشترك لمراقبة وقف إطلاق النار"),
        time_zone="Asia/Baku",
        box=(44.5, 38.3, 48.8, 41.2),
        realm=Realm.DEMO,
        languages=("ar", "en"),
        report_languages=("en", "ar"),
        mandate=names(
            "What the statement of 9 November 2020 binds its parties to.", "ما يلزم به بيان 9 نوفمبر أطرافه."
        ),
        cut_off="19:30",
        counting_rules=(
            CountingRule(
                "exchange", "1", names("exchange of fire, gap of one hour", "تبادل إطلاق نار، بفاصل ساعة")
            ),
        ),
        standard_of_proof="reasonable grounds",
        naming_profiles=(
            NamingProfile(
                "both", names("both parties'", "كما يسميها الطرفان"), ("party:azerbaijan", "party:armenia")
            ),
            NamingProfile("az", names("Azerbaijan's", "كما تسميها أذربيجان"), ("party:azerbaijan",)),
            NamingProfile("am", names("Armenia's", "كما تسميها أرمينيا"), ("party:armenia",)),
        ),
        provenance=names("Public facts in our own words.", "وقائع معلنة بعبارتنا."),
        counters=(
            CounterRule(
                "counter:flights",
                names("Deployment flights", "رحلات النشر"),
                ("deployment_flights",),
                "flight",
                "deployment",
            ),
        ),
    )
    statement = Instrument(
        "instrument:2020-11-09",
        names("Statement of 9 November 2020", "بيان 9 نوفمبر 2020"),
        "2020-11-09",
        ("party:armenia", "party:azerbaijan", "party:russia"),
        (
            Clause(
                "6",
                names(
                    "Armenia returns the Kelbajar district by 15 November and Lachin by 1 December.",
                    "تعيد أرمينيا كلبجار ثم لاتشين.",
                ),
                (
                    Variant(
                        "en",
                        names("One version adds a district.", "صيغة تضيف منطقة."),
                        "Telegram, 10 Nov 2020",
                        official=False,
                    ),
                ),
            ),
            Clause(
                "1",
                names(
                    "A complete ceasefire; the parties stop where they are.",
                    "وقف كامل لإطلاق النار، ويبقى الطرفان حيث هما.",
                ),
            ),
        ),
        OBLIGATIONS,
        ("src:agency",),
        effective_at="2020-11-10T00:00:00+03:00",
    )
    amendment = Amendment(
        "amend:kelbajar",
        "obl:2020-6-kelbajar",
        "2020-11-25",
        "2020-11-15",
        "person:hajiyev",
        "briefing",
        names("Asked by Armenia, conveyed by Russia.", "بطلب من أرمينيا عبر روسيا."),
        names("weather; one narrow road", "الطقس وطريق ضيق واحد"),
        {"party:azerbaijan": "yes", "party:russia": "relayed", "party:armenia": "unknown"},
        (Bearing("informs", ("deadline_extended",)),),
    )
    question = Interpretation(
        "interp:by",
        "instrument:2020-11-09",
        "2",
        names("Does “by 20 November” include the day?", "هل يشمل الموعد يوم 20؟"),
        ("obl:2020-2-agdam",),
        (
            PartyReading("party:armenia", names("The day is included.", "اليوم مشمول.")),
            PartyReading("party:azerbaijan", names("Before the day.", "قبل اليوم.")),
        ),
        "the three signatories",
    )
    places = tuple(
        Place(slug, kind, name, _point(lon, lat))  # type: ignore[arg-type]
        for slug, kind, name, lon, lat in PLACES
    ) + tuple(Place(slug, "zone", name, shape) for slug, (name, shape) in ZONES.items())
    return Mission(
        settings=settings,
        procedure=Procedure(
            "two-key", ("delegation:a", "delegation:b"), 2, names("our proposal", "اقتراحنا")
        ),
        instruments=(statement,),
        amendments=(amendment,),
        interpretations=(question,),
        parties=PARTIES,
        delegations=(Delegation("delegation:a", "A", "party:russia", names("Delegation A", "الوفد أ")),),
        offices=(
            Office(
                "office:armenia-mod", "party:armenia", "defence_ministry", "Armenian Ministry of Defence", {}
            ),
        ),
        holders=(
            Holder(
                "person:hajiyev",
                "Hikmet Hajiyev",
                names("Hikmet Hajiyev", "حكمت حاجييف"),
                "office:azerbaijan-aide",
            ),
        ),
        places=places,
        lines=lines(),
        posts=posts(),
        sources=(
            Source("src:agency", names("Example agency", "وكالة المثال"), "agency", "was told", wire=True),
            Source("src:paper", names("Example paper", "صحيفة المثال"), "paper", "read in"),
        ),
        lexicon={},
        version="0" * 64,
    )
