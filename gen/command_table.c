// SPDX-License-Identifier: ISC
/*
 * command_table.c: every sub-command and every option, in the order that help shows them.
 *
 * turnout.1 repeats these words; tests/cli/manual.mjs compares the two.
 */
#include "gen/command.h"

const struct option_name option_names[OPTION_END] = {
	[OPTION_DB] = { "db", 0, true },
	[OPTION_NOW] = { "now", 0, true },
	[OPTION_QUIET] = { "quiet", 'q', false },
	[OPTION_HELP] = { "help", 'h', false },
	[OPTION_VERSION] = { "version", 0, false },
	[OPTION_JSON] = { "json", 0, false },
	[OPTION_SITE] = { "site", 0, true },
	[OPTION_TEMPLATES] = { "templates", 0, true },
	[OPTION_YES] = { "yes", 'y', false },
	[OPTION_DRY_RUN] = { "dry-run", 'n', false },
	[OPTION_NAME] = { "name", 0, true },
	[OPTION_ZONE] = { "zone", 0, true },
	[OPTION_LANGUAGE] = { "language", 0, true },
	[OPTION_ADDRESS] = { "address", 0, true },
	[OPTION_WORD] = { "word", 0, true },
	[OPTION_DEMO] = { "demo", 0, false },
	[OPTION_GROUP] = { "group", 0, true },
	[OPTION_DATE] = { "date", 0, true },
	[OPTION_RULE] = { "rule", 0, true },
	[OPTION_EVERY] = { "every", 0, true },
	[OPTION_FROM] = { "from", 0, true },
	[OPTION_UNTIL] = { "until", 0, true },
	[OPTION_TO] = { "to", 0, true },
	[OPTION_START] = { "start", 0, true },
	[OPTION_END_TIME] = { "end", 0, true },
	[OPTION_TITLE] = { "title", 0, true },
	[OPTION_PLACE] = { "place", 0, true },
	[OPTION_HOST] = { "host", 0, true },
	[OPTION_SKIP] = { "skip", 0, true },
	[OPTION_REASON] = { "reason", 0, true },
	[OPTION_CLOSED] = { "closed", 0, false },
	[OPTION_LATITUDE] = { "latitude", 0, true },
	[OPTION_LONGITUDE] = { "longitude", 0, true },
	[OPTION_RADIUS] = { "radius", 0, true },
	[OPTION_NETWORK] = { "network", 0, true },
	[OPTION_ACCESS_POINT] = { "access-point", 0, true },
	[OPTION_NICKNAME] = { "nickname", 0, true },
	[OPTION_VISIBILITY] = { "visibility", 0, true },
	[OPTION_PAGE] = { "page", 0, true },
	[OPTION_REVOKE] = { "revoke", 0, false },
	[OPTION_REMOVE] = { "remove", 0, false },
	[OPTION_FORMAT] = { "format", 0, true },
	[OPTION_OUTPUT] = { "output", 'o', true },
	[OPTION_GROUP_NAME] = { "group-name", 0, true },
	[OPTION_PERSON] = { "person", 0, true },
	[OPTION_TIME] = { "time", 0, true },
	[OPTION_STATUS] = { "status", 0, true },
	[OPTION_PRESENT] = { "present", 0, true },
	[OPTION_LATE] = { "late", 0, true },
	[OPTION_EXCUSED] = { "excused", 0, true },
	[OPTION_ABSENT] = { "absent", 0, true },
	[OPTION_DATE_FORMAT] = { "date-format", 0, true },
	[OPTION_FULL] = { "full", 0, false },
	[OPTION_AS_OF] = { "as-of", 0, true },
	[OPTION_PRECOMPRESS] = { "precompress", 0, false },
	[OPTION_CHECK] = { "check", 0, false },
	[OPTION_SERVE] = { "serve", 0, false },
	[OPTION_LISTEN] = { "listen", 0, true },
	[OPTION_COLUMNS] = { "columns", 0, true },
	[OPTION_PAPER] = { "paper", 0, true },
	[OPTION_PER_PAGE] = { "per-page", 0, true },
	[OPTION_BY] = { "by", 0, true },
	[OPTION_ALL] = { "all", 0, true },
	[OPTION_LEVEL] = { "level", 0, true },
};

const struct option_use command_common[] = {
	{ OPTION_DB, "FILE", "the database (default: TURNOUT_DB, or else db/turnout.db)", false },
	{ OPTION_NOW, "TIME", "act as if it were this time: 2026-11-20T18:30, in the club's zone",
	    false },
	{ OPTION_QUIET, NULL, "print only what was asked for, and errors", false },
	{ OPTION_HELP, NULL, "print this help", false },
	{ OPTION_VERSION, NULL, "print the versions of turnout and SQLite", false },
	{ OPTION_END, NULL, NULL, false },
};

#define END	{ OPTION_END, NULL, NULL, false }
#define JSON	{ OPTION_JSON, NULL, "print JSON", false }
#define SITE	{ OPTION_SITE, "DIR", "the folder of the generated site (default: site)", false }
#define TEMPLATES { OPTION_TEMPLATES, "DIR", "where the templates are (default: templates, or the installed ones)", false }
#define PRECOMPRESS { OPTION_PRECOMPRESS, NULL, "keep compressed copies (.gz, .br) beside text files", false }
#define DRY_RUN	{ OPTION_DRY_RUN, NULL, "say what would happen, change nothing", false }

static const struct option_use init_options[] = {
	{ OPTION_NAME, "NAME", "name of the club", false },
	{ OPTION_ZONE, "ZONE", "IANA time zone, Europe/London (default: this machine's)", false },
	{ OPTION_LANGUAGE, "TAG", "language of the pages (default: en)", false },
	{ OPTION_ADDRESS, "URL", "where the site will be read (default: http://127.0.0.1:8010)",
	    false },
	{ OPTION_WORD, "WORD", "what pages call a run: run, class or meeting", false },
	{ OPTION_DEMO, NULL,
	    "fill it with 60 weeks of an invented club, and a run that is open now", false },
	END,
};

static const struct option_use json_options[] = { JSON, END };
static const struct option_use no_options[] = { END };

static const struct option_use calendar_add_options[] = {
	{ OPTION_GROUP, "NAME", "the group", false },
	{ OPTION_DATE, "DATE", "a day, YYYY-MM-DD", true },
	{ OPTION_EVERY, "DAY", "days of the week: tuesday, or tuesday,thursday", false },
	{ OPTION_RULE, "RULE", "a recurrence rule of RFC 5545: FREQ=MONTHLY;BYDAY=1SA", false },
	{ OPTION_FROM, "DATE", "the first day of a rule (default: today)", false },
	{ OPTION_UNTIL, "DATE", "the last day of a rule (default: a year after the first)", false },
	{ OPTION_SKIP, "DATE", "a day that the rule leaves out", true },
	{ OPTION_START, "HH:MM", "start, in local time", false },
	{ OPTION_END_TIME, "HH:MM", "end, in local time; if before the start, on the next day",
	    false },
	{ OPTION_TITLE, "TEXT", "title (default: the group's name)", false },
	{ OPTION_PLACE, "NAME", "the place", false },
	{ OPTION_HOST, "NAME", "the host", false },
	JSON, END,
};
static const struct option_use calendar_cancel_options[] = {
	{ OPTION_REASON, "TEXT", "why, for the people who wanted to come", false },
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false },
	END,
};
static const struct option_use calendar_restore_options[] = {
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false }, END,
};
static const struct option_use calendar_rules_options[] = {
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false }, JSON,
	END,
};
static const struct option_use calendar_move_options[] = {
	{ OPTION_DATE, "DATE", "the new day, YYYY-MM-DD", false },
	{ OPTION_START, "HH:MM", "the new start", false },
	{ OPTION_END_TIME, "HH:MM", "the new end; empty for none", false },
	{ OPTION_PLACE, "NAME", "the new place; empty for none", false },
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false },
	END,
};
static const struct option_use calendar_list_options[] = {
	{ OPTION_FROM, "DATE", "the first day (default: today)", false },
	{ OPTION_TO, "DATE", "the last day (default: four weeks after the first)", false },
	{ OPTION_GROUP, "NAME", "only runs of this group", false },
	JSON, END,
};
static const struct option_use calendar_import_options[] = {
	{ OPTION_GROUP, "NAME", "the group of the runs; created if there is none", false },
	{ OPTION_FROM, "DATE", "the first day to look at (default: today)", false },
	{ OPTION_UNTIL, "DATE", "the last day (default: a year after the first)", false },
	DRY_RUN, JSON, END,
};
static const struct option_use calendar_extend_options[] = {
	{ OPTION_UNTIL, "DATE", "the last day (default: a year from today)", false },
	{ OPTION_GROUP, "NAME", "only schedules of this group", false },
	END,
};

static const struct option_use group_add_options[] = {
	{ OPTION_CLOSED, NULL, "only people on its list may check in", false }, END,
};
static const struct option_use group_set_options[] = {
	{ OPTION_NAME, "NAME", "the new name; the address of its pages stays", false },
	{ OPTION_LANGUAGE, "TAG", "language of its pages; empty for the club's", false }, END,
};
static const struct option_use place_options[] = {
	{ OPTION_ADDRESS, "TEXT", "postal address, one line", false },
	{ OPTION_LATITUDE, "DEGREES", "degrees north", false },
	{ OPTION_LONGITUDE, "DEGREES", "degrees east", false },
	{ OPTION_RADIUS, "METRES", "how far away still counts as there; 0 for none", false },
	{ OPTION_NETWORK, "NETWORK", "a network that counts as there: 192.0.2.0/24", true },
	{ OPTION_ACCESS_POINT, "BSSID", "an access point that counts as there", true },
	END,
};
static const struct option_use place_set_options[] = {
	{ OPTION_NAME, "NAME", "the new name; the address of its pages stays", false },
	{ OPTION_ADDRESS, "TEXT", "postal address, one line", false },
	{ OPTION_LATITUDE, "DEGREES", "degrees north; empty for none", false },
	{ OPTION_LONGITUDE, "DEGREES", "degrees east; empty for none", false },
	{ OPTION_RADIUS, "METRES", "how far away still counts as there; 0 for none", false },
	{ OPTION_NETWORK, "NETWORK", "these count as there from now on; empty for none", true },
	{ OPTION_ACCESS_POINT, "BSSID", "these count as there from now on; empty for none", true },
	END,
};
static const struct option_use person_add_options[] = {
	{ OPTION_GROUP, "NAME", "put them on the list of this group", true },
	{ OPTION_NICKNAME, "NAME", "what public pages may show instead of the name", false },
	{ OPTION_VISIBILITY, "HOW", "hidden, initials, nickname or name (default: the club's "
	    "choice)",
	    false },
	END,
};
static const struct option_use person_set_options[] = {
	{ OPTION_GROUP, "NAME", "put them on the list of this group", true },
	{ OPTION_NICKNAME, "NAME", "what public pages may show instead of the name; empty for none",
	    false },
	{ OPTION_VISIBILITY, "HOW", "hidden, initials, nickname or name; empty for the club's "
	    "choice",
	    false },
	{ OPTION_PAGE, "HOW", "public: a page about them that anybody may read; private: none",
	    false },
	END,
};
static const struct option_use person_link_options[] = {
	{ OPTION_REVOKE, NULL, "give the page a new address first; the old one stops working",
	    false },
	{ OPTION_REMOVE, NULL, "remove the page instead", false },
	{ OPTION_YES, NULL, "do so without asking", false },
	JSON, END,
};
static const struct option_use person_forget_options[] = {
	{ OPTION_YES, NULL, "forget without asking", false }, DRY_RUN, END,
};
static const struct option_use person_list_options[] = {
	{ OPTION_GROUP, "NAME", "only people on the list of this group", false }, JSON, END,
};
static const struct option_use person_import_options[] = {
	{ OPTION_NAME, "COLUMNS", "column with the name, or several; without it, each line is a "
	    "name",
	    false },
	{ OPTION_NICKNAME, "COLUMN", "column with the nickname", false },
	{ OPTION_GROUP, "COLUMN", "column with the group on whose list they are", false },
	{ OPTION_GROUP_NAME, "NAME", "instead: one group for all of them", false },
	DRY_RUN, JSON, END,
};

static const struct option_use code_options[] = {
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false },
	{ OPTION_REVOKE, NULL, "give the screen a new address first; the old one stops working",
	    false },
	{ OPTION_YES, NULL, "revoke without asking", false },
	JSON, END,
};
static const struct option_use import_options[] = { DRY_RUN, JSON, END };
static const struct option_use import_attendance_options[] = {
	{ OPTION_PERSON, "COLUMNS", "column with the person, or several: 'First Name,Last Name'",
	    false },
	{ OPTION_GROUP, "COLUMN", "column with the group", false },
	{ OPTION_GROUP_NAME, "NAME", "instead: one group for all records", false },
	{ OPTION_DATE, "COLUMN", "column with the date", false },
	{ OPTION_DATE_FORMAT, "FORMAT", "of dates with slashes: DD/MM/YYYY or MM/DD/YYYY", false },
	{ OPTION_TIME, "COLUMN", "column with start and end: 18:30 - 19:30", false },
	{ OPTION_START, "COLUMN", "instead: column with the start", false },
	{ OPTION_END_TIME, "COLUMN", "and column with the end", false },
	{ OPTION_TITLE, "COLUMN", "column with the title", false },
	{ OPTION_STATUS, "COLUMN", "column that says who came; without it, everybody listed came",
	    false },
	{ OPTION_PRESENT, "VALUES", "values in it that mean present: 'Y,yes'", false },
	{ OPTION_LATE, "VALUES", "values that mean late", false },
	{ OPTION_EXCUSED, "VALUES", "values that mean excused", false },
	{ OPTION_ABSENT, "VALUES", "values that mean absent", false },
	DRY_RUN, JSON, END,
};
#define TO	{ OPTION_TO, "TARGET", "then send what changed to a folder, rsync:HOST:PATH or a command", false }
static const struct option_use publish_options[] = {
	SITE, TEMPLATES, PRECOMPRESS, { OPTION_FULL, NULL, "make every page again", false },
	{ OPTION_AS_OF, "TIME", "the site as it was at the end of a day, 2026-11-01, or at a time",
	    false },
	{ OPTION_CHECK, NULL,
	    "publish nothing; exit with 3 if data, templates, texts or links are wrong", false },
	TO, DRY_RUN, JSON, END,
};
static const struct option_use watch_options[] = {
	SITE, TEMPLATES, PRECOMPRESS, TO,
	{ OPTION_SERVE, NULL,
	    "serve the site as well; pages in the browser reload themselves", false },
	{ OPTION_LISTEN, "ADDRESS:PORT",
	    "where --serve listens, port 0 for any (default: 127.0.0.1:8010)", false },
	END,
};
static const struct option_use export_options[] = {
	{ OPTION_FORMAT, "FORMAT", "csv, excel (CSV for Excel), json, xlsx or pdf (default: csv)",
	    false },
	{ OPTION_FROM, "DATE", "the first day", false },
	{ OPTION_TO, "DATE", "the last day", false },
	{ OPTION_GROUP, "NAME", "only runs of this group", false },
	{ OPTION_PERSON, "NAME", "only this person", false },
	{ OPTION_COLUMNS, "LIST", "these columns in this order: date,person,status", false },
	{ OPTION_PAPER, "SIZE", "paper of a PDF: a4 or letter (default: a4)", false },
	{ OPTION_PAGE, "NUMBER", "with JSON: only this page of the rows, and their total", false },
	{ OPTION_PER_PAGE, "NUMBER", "rows on a page, at most 1000 (default: 100)", false },
	{ OPTION_ALL, "DIR", "everything, into a new folder: CSV, JSON, calendars, the site",
	    false },
	TEMPLATES,
	{ OPTION_BY, "NAME", "who exports, for the history of exports (default: your login name)",
	    false },
	{ OPTION_OUTPUT, "FILE",
	    "file or folder to write to; without it, xlsx and pdf get a name", false },
	END,
};
static const struct option_use export_link_options[] = {
	{ OPTION_REVOKE, NULL, "make a new address and secret; the old ones stop working", false },
	{ OPTION_YES, NULL, "do not ask", false },
	JSON, END,
};
static const struct option_use report_options[] = {
	{ OPTION_FORMAT, "FORMAT", "csv, excel (CSV for Excel), json, xlsx or pdf (default: csv)",
	    false },
	{ OPTION_FROM, "DATE", "instead of RANGE: the first day", false },
	{ OPTION_TO, "DATE", "and the last day", false },
	{ OPTION_GROUP, "NAME", "for this group (default: the whole club)", false },
	{ OPTION_LEVEL, "LEVEL", "count who came with this proof or better: printed, screen, "
	    "place, host",
	    false },
	{ OPTION_PAPER, "SIZE", "paper of a PDF: a4 or letter (default: a4)", false },
	{ OPTION_OUTPUT, "FILE",
	    "file or folder to write to; without it, xlsx and pdf get a name", false },
	TEMPLATES, END,
};
static const struct option_use paper_options[] = {
	{ OPTION_GROUP, "NAME", "if there are several runs that day, the one of this group",
	    false },
	{ OPTION_PAPER, "SIZE", "a4 or letter (default: a4)", false },
	{ OPTION_OUTPUT, "FILE", "file or folder to write to; without it, a file with its own name",
	    false },
	END,
};
static const struct option_use doctor_options[] = { SITE, TEMPLATES, JSON, END };

#define RUN_WORDS \
	"RUN is an id, a session id, a date, or the word today: if there are several runs\n" \
	"today, the one that is open, or else the next."

const struct command command_table[] = {
	{ "init", "", "make a new club",
	  "At a terminal it asks for what is not given.",
	  "turnout init --name 'Harbour Runners' --zone Europe/London\n"
	  "turnout init --demo\n",
	  0, 0, NEED_NOTHING, init_options, command_init },
	{ "set", "[KEY [VALUE]]", "show or change the club's settings", NULL,
	  "turnout set\n"
	  "turnout set address https://runs.example.org\n",
	  0, 2, NEED_WRITE, json_options, command_set },
	{ "calendar add", "", "add a run, or all runs of a rule",
	  "With a rule it prints the next five dates. A schedule that exists already, with\n"
	  "the same group, rule, first day, start and title, is continued.",
	  "turnout calendar add --group 'Tuesday Social' --every tuesday --start 18:30 --end "
	  "19:30\nturnout calendar add --group Hills --rule 'FREQ=MONTHLY;BYDAY=1SA' --from "
	  "2026-11-01 --start 09:00\nturnout calendar add --group Hills --date 2026-12-31 --start "
	  "10:00 --title 'Last run of the year'\n", 0, 0, NEED_WRITE, calendar_add_options,
	  command_calendar_add },
	{ "calendar cancel", "RUN", "cancel a run; it stays in the calendar",
	  RUN_WORDS,
	  "turnout calendar cancel 2026-11-24 --reason 'Storm warning'\n",
	  1, 1, NEED_WRITE, calendar_cancel_options, command_calendar_cancel },
	{ "calendar restore", "RUN", "undo a cancellation", RUN_WORDS,
	  "turnout calendar restore 2026-11-24\n",
	  1, 1, NEED_WRITE, calendar_restore_options, command_calendar_restore },
	{ "calendar move", "RUN", "move a run to another day, time or place", RUN_WORDS,
	  "turnout calendar move 2026-11-24 --date 2026-11-25 --start 19:00 --end 20:00\n"
	  "turnout calendar move today --place 'Old Boathouse'\n",
	  1, 1, NEED_WRITE, calendar_move_options, command_calendar_move },
	{ "calendar rules", "RUN [KEY VALUE]", "show or change what the check-in of a run asks for",
	  RUN_WORDS "\n"
	  "New runs get the club's rules, which turnout set changes under the same keys. Pending\n"
	  "means that the host confirms; refused, that nobody gets in without it.",
	  "turnout calendar rules today\n"
	  "turnout calendar rules today late_min 10\n"
	  "turnout calendar rules 2026-11-24 position pending --group Hills\n",
	  1, 3, NEED_WRITE, calendar_rules_options, command_calendar_rules },
	{ "calendar list", "", "list runs", NULL,
	  "turnout calendar list\n"
	  "turnout calendar list --from 2026-01-01 --to 2026-12-31 --group Hills --json\n",
	  0, 0, NEED_READ, calendar_list_options, command_calendar_list },
	{ "calendar import", "FILE", "import runs from an iCalendar file",
	  "A later version of the same file moves and cancels the runs of the earlier one.\n"
	  "A single hyphen reads standard input.",
	  "turnout calendar import course.ics --group 'Modern Poetry' --dry-run\n",
	  1, 1, NEED_WRITE, calendar_import_options, command_calendar_import },
	{ "calendar extend", "", "make the runs of all schedules for another year", NULL,
	  "turnout calendar extend\n"
	  "turnout calendar extend --until 2027-12-31 --group 'Tuesday Social'\n",
	  0, 0, NEED_WRITE, calendar_extend_options, command_calendar_extend },
	{ "group add", "NAME ...", "add groups", NULL,
	  "turnout group add 'Tuesday Social' 'Saturday Long Run'\n"
	  "turnout group add Beginners --closed\n",
	  1, -1, NEED_WRITE, group_add_options, command_group_add },
	{ "group list", "", "list groups", NULL,
	  "turnout group list --json\n",
	  0, 0, NEED_READ, json_options, command_group_list },
	{ "group set", "GROUP", "change name or language of a group", NULL,
	  "turnout group set Hills --name 'Hill Repeats'\n"
	  "turnout group set Lauftreff --language de\n",
	  1, 1, NEED_WRITE, group_set_options, command_group_set },
	{ "group open", "GROUP", "let everybody check in to a group", NULL,
	  "turnout group open Beginners\n",
	  1, 1, NEED_WRITE, no_options, command_group_open },
	{ "group close", "GROUP", "let only people on its list check in to a group", NULL,
	  "turnout group close Beginners\n",
	  1, 1, NEED_WRITE, no_options, command_group_close },
	{ "place add", "NAME", "add a place", NULL,
	  "turnout place add 'Old Boathouse' --address '1 Quay Street' --latitude 51.45 "
	  "--longitude -2.6\n", 1, 1, NEED_WRITE, place_options, command_place_add },
	{ "place list", "", "list places", NULL,
	  "turnout place list\n",
	  0, 0, NEED_READ, json_options, command_place_list },
	{ "place set", "PLACE", "change a place", NULL,
	  "turnout place set 'Old Boathouse' --radius 150\n"
	  "turnout place set 'Old Boathouse' --network 192.0.2.0/24 --network 2001:db8::/32\n",
	  1, 1, NEED_WRITE, place_set_options, command_place_set },
	{ "person add", "NAME ...", "add people", NULL,
	  "turnout person add 'Ada Lovelace' 'Grace Hopper' --group Beginners\n",
	  1, -1, NEED_WRITE, person_add_options, command_person_add },
	{ "person list", "", "list people", NULL,
	  "turnout person list --group Beginners\n",
	  0, 0, NEED_READ, person_list_options, command_person_list },
	{ "person import", "FILE", "import people from a spreadsheet or a list of names",
	  "The file is CSV, with commas, semicolons or tabs; a single hyphen reads standard\n"
	  "input. Nobody is made twice.",
	  "turnout person import members.csv --name 'First,Last' --group-name Beginners\n"
	  "turnout person import - --dry-run < names.txt\n",
	  1, 1, NEED_WRITE, person_import_options, command_person_import },
	{ "person set", "NAME", "choose how a person is shown, and their groups", NULL,
	  "turnout person set 'Ada Lovelace' --visibility nickname --nickname Ada\n"
	  "turnout person set 'Ada Lovelace' --page public\n",
	  1, 1, NEED_WRITE, person_set_options, command_person_set },
	{ "person link", "NAME",
	    "print the address of a person's own page, making one if there is none",
	  "It shows the person's history and data to whoever has the address: give it to nobody\n"
	  "else. The page appears, and an old one goes, with the next publish.",
	  "turnout person link 'Ada Lovelace'\n"
	  "turnout person link 'Ada Lovelace' --revoke\n",
	  1, 1, NEED_WRITE, person_link_options, command_person_link },
	{ "person forget", "NAME", "forget a person; the runs keep their counts",
	  "The name and all that leads to it go from the database; the next publish takes\n"
	  "them out of the site. What was counted stays counted, without a name.\n"
	  "Backups and copies made earlier are not touched and still hold the name, and a\n"
	  "later check-in under it makes a new person.",
	  "turnout person forget 'Ada Lovelace' --dry-run\n"
	  "turnout person forget 'Ada Lovelace' --yes\n",
	  1, 1, NEED_WRITE, person_forget_options, command_person_forget },
	{ "host add", "NAME ...", "add hosts", NULL,
	  "turnout host add 'Mira Novak'\n",
	  1, -1, NEED_WRITE, no_options, command_host_add },
	{ "host list", "", "list hosts", NULL,
	  "turnout host list\n",
	  0, 0, NEED_READ, json_options, command_host_list },
	{ "code", "RUN", "print the code of a run, and the address of its screen",
	  RUN_WORDS " The address of the screen is a secret:\n"
	  "anyone who has it can show the code.",
	  "turnout code today\n"
	  "turnout code 2026-11-24 --group Hills --json\n",
	  1, 1, NEED_WRITE, code_options, command_code },
	{ "import attendance", "FILE", "import attendance from a spreadsheet",
	  "The file is CSV, with commas, semicolons or tabs; a single hyphen reads standard\n"
	  "input. It all goes in, or nothing does; importing it twice adds nothing.",
	  "turnout import attendance register.csv --person 'First Name,Last Name' --group "
	  "Committee \\\n    --date Date --time Time --status Present --present Y --absent N "
	  "--dry-run\n", 1, 1, NEED_WRITE, import_attendance_options, command_import_attendance },
	{ "import sheet", "RUN [FILE]", "mark people as present by their numbers on the sign-in "
	    "sheet",
	  "One number per line, from FILE or standard input. The check digit gives away a\n"
	  "mistyped number, and then nobody is marked.\n"
	  RUN_WORDS,
	  "turnout import sheet today\n",
	  1, 2, NEED_WRITE, no_options, command_import_sheet },
	{ "import", "FILE", "import a CSV file that turnout export wrote",
	  "A register or an event log with all its columns. What the database has already, by\n"
	  "session, stays as it is; importing a file twice adds nothing. With --dry-run,\n"
	  "every line that would change something is printed: + for new, ~ for different.",
	  "turnout import harbour-runners-events.csv --dry-run\n",
	  1, 1, NEED_WRITE, import_options, command_import },
	{ "publish", "", "compile the site; only what changed is written",
	  "With --as-of, what came later is left out: check-ins, marks, runs,\n"
	  "cancellations, people. What was changed, moved or deleted since cannot come\n"
	  "back, and people are shown as they choose now. Attendance that was entered\n"
	  "after the day counts from the day it is for. The next publish without --as-of\n"
	  "brings the present back.\n"
	  "\n"
	  "With --check, nothing is published. The site is made in a temporary folder; every\n"
	  "link into it must lead to a page, and every fragment to an id there. Files that\n"
	  "were deleted from the site, and files that turnout did not make, are listed.\n"
	  "\n"
	  "With --to, rsync copies what changed below public/ to TARGET: an existing folder,\n"
	  "a name that ends in a slash, rsync:HOST:PATH or rsync://HOST/MODULE. Any other\n"
	  "TARGET is a command for sh, which reads a line “changed PATH” or “removed PATH”\n"
	  "for each file below TURNOUT_PUBLIC. A new TARGET gets everything. What could\n"
	  "not be sent is kept and goes with the next publish.",
	  "turnout publish\n"
	  "turnout publish --site /srv/www/club --full\n"
	  "turnout publish --check\n"
	  "turnout publish --to rsync:me@www.example.org:/srv/www/club\n"
	  "turnout publish --as-of 2026-11-01 --site november\n",
	  0, 0, NEED_READ, publish_options, command_publish },
	{ "watch", "", "publish again whenever something changes",
	  "With --serve it also starts turnoutd and prints its address, for work on the\n"
	  "templates; errors in them then show in the page too. With --to, what changed is\n"
	  "sent on as by turnout publish, every five seconds at most; publishing never\n"
	  "waits for it, and what failed is tried again.",
	  "turnout watch\n"
	  "turnout watch --serve --listen 127.0.0.1:0\n",
	  0, 0, NEED_READ, watch_options, command_watch },
	{ "export poster", "RUN", "write the poster of a run as a PDF",
	  "With its QR, its code to type, date and place.\n"
	  RUN_WORDS,
	  "turnout export poster today --paper letter\n",
	  1, 1, NEED_READ, paper_options, command_export_poster },
	{ "export sheet", "RUN", "write the sign-in sheet of a run as a PDF",
	  "A row for each person on the group's list (if that is empty, for everybody who came\n"
	  "within a year), with a number for turnout import sheet; and eight blank rows.\n"
	  RUN_WORDS,
	  "turnout export sheet 2026-12-01 --output tuesday.pdf\n",
	  1, 1, NEED_WRITE, paper_options, command_export_sheet },
	{ "export link", "", "print the address of the page of exports, and the admin's secret",
	  "turnoutd gives the register to anyone who sends the secret as Authorization: Bearer.\n"
	  "A new secret works at once, the page's new address after the next publish.",
	  "turnout export link --revoke\n",
	  0, 0, NEED_WRITE, export_link_options, command_export_link },
	{ "export", "[KIND]", "write the register or the event log",
	  "KIND is register (a line for each person and run) or events (a line for each event);\n"
	  "the default is register. With all columns, turnout import can read it again.\n"
	  "Who exported what is recorded; turnout status has the address of that page.",
	  "turnout export --from 2026-01-01 --output 2026.csv\n"
	  "turnout export events --format xlsx --group Hills\n"
	  "turnout export --all club-2026\n",
	  0, 1, NEED_WRITE, export_options, command_export },
	{ "report", "KIND [RANGE]", "write the figures of a report page",
	  "KIND is people, grid (person by date, of a --group), months, weeks, places, groups,\n"
	  "proofs, newcomers or stopped. RANGE is a month, 2026-11, a year, 2026, or a season\n"
	  "from September to August, 2025-2026; without it and without dates, it is this year\n"
	  "until today. The same reports are private pages: turnout status has their address.",
	  "turnout report people 2026-11 --group 'Tuesday Social'\n"
	  "turnout report grid 2025-2026 --group Hills --level screen --format pdf\n"
	  "turnout report stopped --from 2026-09-01 --to 2026-12-18 --format xlsx\n",
	  1, 2, NEED_WRITE, report_options, command_report },
	{ "backup", "FILE", "copy the database while others use it, and read the copy back",
	  "FILE must not exist yet. It will hold names and secret keys: keep it private.\n"
	  "To go back to it, stop turnoutd and turnout watch, remove the database and the files\n"
	  "called the same with -journal and -redo added, copy FILE in its place and publish.",
	  "turnout backup club-2026-11-20.db\n",
	  1, 1, NEED_READ, json_options, command_backup },
	{ "doctor", "", "look for problems; exits with 3 if there are any", NULL,
	  "turnout doctor\n",
	  0, 0, NEED_NOTHING, doctor_options, command_doctor },
	{ "status", "", "print figures", NULL,
	  "turnout status --json\n",
	  0, 0, NEED_READ, json_options, command_status },
	{ "help", "[COMMAND]", "print the help of a sub-command", NULL,
	  "turnout help calendar add\n",
	  0, 2, NEED_NOTHING, no_options, command_help },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, NEED_NOTHING, NULL, NULL },
};
