"""A desk on which everything is in use: besides the closed waves of answered.py
people, a meeting whose vote is open and one whose pairs are fixed, a journal, a
roadmap, a training, slips, a wave to come, a kiosk's code, a phone, a read token, remarks
with a theme, conclusions, counts of the year and a backup. For tests that walk
over all pages."""
import re

from answered import FIELD, WAVE, Answered
from desk import check, expect

VOTE = """\
survey
,type,name,label::Русский (ru),label::English (en)
,select_multiple who,liked,Кого вы поддерживаете?,Whom do you support?
choices
,list_name,name,label::Русский (ru),label::English (en)
,who,a,Анна,Anna
,who,b,Борис,Boris
settings
,form_title,form_id,version,anketa_kind
,Голосование,vote,1,slip
"""
MENTEES = ("Александрова-Константинопольская Елизавета Владимировна",
           "Ким Ю", "Юсупова Гульнара")
MENTORS = ("Воскресенская Маргарита Станиславовна", "Ли Ан", "Ёлкина Жанна")


class Furnished(Answered):
    def __enter__(self):
        super().__enter__()
        try:
            self.furnish()
        except BaseException:
            self.__exit__()
            raise
        return self

    def furnish(self):
        self.open_vote()
        numbers = self.people()
        self.pairs(self.meeting("Встреча осенью", numbers))
        self.meeting("Встреча весной", numbers)
        self.words()
        self.rest()

    def send(self, page, action=None, status=303, **fields):
        """What the form of `page` sends."""
        self.admin.get(page)
        expect(self.admin.post(action or page, **fields), status,
               f"{action or page} {fields}")

    def people(self):
        """The fields by which a meeting names them."""
        c = self.collector
        for names, side in ((MENTEES, "--mentee"), (MENTORS, "--mentor")):
            for name in names:
                c.command("person", "add", c.folder, name, side)
        self.admin.get("/meetings")
        found = re.findall(rb'type="checkbox" id="(p\d+)"', self.admin.body)
        expect(len(found), len(MENTEES) + len(MENTORS), "people to tick")
        return [name.decode() for name in found]

    def meeting(self, title, people):
        self.send("/meetings", title=title, **dict.fromkeys(people, "1"))
        return self.admin.headers["Location"]

    def pairs(self, path):
        self.send(path, what="close")
        self.send(path + "/proposals", complete="1")
        self.admin.get(path + "/pairs")
        page = self.admin.body.decode()
        mentees = re.findall(r'<select id="([^"]+)"', page)
        mentors = re.findall(r'<option value="([1-9]\d*)"', page)
        # The last of them stays alone.
        chosen = dict(zip(mentees, [*dict.fromkeys(mentors)][:2] + ["0"]))
        expect(len(chosen), len(MENTEES), f"{path}: mentees to pair")
        self.send(path + "/pairs", what="fix", **chosen)
        self.admin.get("/pairs")
        pair = re.search(rb'href="(/pairs/\d+)"', self.admin.body)[1].decode()
        self.send(pair, what="signed")
        self.send(pair, what="plan", goals="Войти в профессию", steps="",
                  term="до мая")
        self.send(pair, what="met", kind="0", day="2026-09-14",
                  for_pair="Познакомились", for_desk="")

    def words(self):
        self.admin.get(f"/remarks/{WAVE}/{FIELD}")
        box = re.search(rb'name="themes-(\d+)"', self.admin.body)[1].decode()
        text = re.search(rb'name="(text-\d+)"', self.admin.body)[1].decode()
        expect(self.admin.post(f"/remarks/{WAVE}/{FIELD}", page="1",
                               **{f"themes-{box}": "время", text: "Дела"}),
               303, "a theme")
        self.admin.get(f"/conclusions/{WAVE}")
        parts = re.findall(rb'<textarea id="([^"]+)"', self.admin.body)
        expect(self.admin.post(f"/conclusions/{WAVE}", **{
            part.decode(): "Наставников ценят" for part in parts}),
            303, "conclusions")

    def open_vote(self):
        sheet = self.folder / "vote.csv"
        sheet.write_text(VOTE, encoding="utf-8")
        c = self.collector
        c.waves["vote"] = c.command("form", "add", c.folder, sheet).split()[-1]
        self.send("/slips/" + c.waves["vote"], status=200, count="12")

    def rest(self):
        self.send("/roadmap", usual="1")
        self.send("/training", kind="0", title="Тренинг для наставников",
                  day="2026-10-05", clock="14:30", place="Музыкальный зал",
                  minutes="90")
        self.send("/kiosks", status=200, name="Учительская")
        self.send("/phones", status=200, login="tablet", code="")
        self.send("/tokens", status=200, name="Управление образования")
        self.token = self.admin.body.decode()  # the page that shows it
        self.send("/questionnaires/1", title="Будущей весной",
                  opens="2090-01-01")
        self.send("/backup", "/backup/sheet", status=200)
        self.send("/backup", status=200, passphrase="")
        self.account("technician", "3")
