// SPDX-License-Identifier: ISC
/* demo.c: see demo.h. All names, places and reasons are invented. */
#include "gen/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/code.h"
#include "gen/buffer.h"

#define N(array)	(sizeof(array) / sizeof((array)[0]))
#define LISTED		22	/* people on the beginners' list: the first 22 */
#define OPEN_MIN	60	/* today's run stays open for at least so many minutes */
#define RUNS_MAX	400

static const char *const people[] = {
	"Amara Okafor", "Ben Whitfield", "Chiara Rossi", "Daniel Kovács", "Emi Tanaka",
	"Fatima Zahra Benali", "Gareth Llewellyn", "Hannah Schäfer", "Ifeoma Eze", "João Pereira",
	"Kasia Nowak", "Liam O’Connor", "Meera Iyer", "Nadia Haddad", "Oskar Lindqvist",
	"Priya Raman", "Quentin Dubois", "Rosa Jiménez", "Sam Taylor", "Thandiwe Mokoena",
	"Uche Nwosu", "Valentina Popescu", "Wei Zhang", "Ximena Flores", "Yusuf Demir",
	"Zoë Vermeulen", "Aisha Rahman", "Björn Hansen", "Callum MacLeod", "Dilnoza Karimova",
	"Elif Yıldız", "Finn Gallagher", "Grace Mensah", "Hugo Lefèvre", "Ingrid Solberg",
	"Jamal Edwards", "Keiko Mori", "Lucas Silva", "Maya Cohen", "Nguyễn Thị Lan",
	"Olga Petrenko", "Paolo Conti", "Rania Khoury", "Siobhán Byrne", "Tomasz Wójcik",
	"Umar Farooq", "Vera Novotná", "Will Hartley", "Xin Li", "Yara Mansour", "Zainab Bello",
	"Alice Brown", "Bruno Costa", "Carmen Vega", "Dmitri Volkov", "Eleanor Hughes",
	"Freya Lund", "George Adeyemi", "Hye-jin Park", "Isabel Moreno", "Jack Turner",
	"Kwame Asante", "Leila Farahani", "Marco Bianchi", "Noor Hussain", "Oliver Grant",
	"Petra Horvat", "Rohan Desai", "Sofia Andersson", "Tariq Sabri",
	"Ursula Meier", "Viktor Nagy", "Wanjiru Kamau", "Yuki Sato", "Zara Ahmed", "Anton Berg",
	"Bethan Rees", "Cheng Wu", "Dara Quinn", "Esra Kaya",
};

/* People whose choice of visibility differs from the club's. */
static const struct {
	const char	*name, *nickname, *visibility;
} choices[] = {
	{ "Dmitri Volkov", "", "hidden" },
	{ "Eleanor Hughes", "", "hidden" },
	{ "Tariq Sabri", "", "hidden" },
	{ "Hye-jin Park", "", "initials" },
	{ "Ursula Meier", "", "initials" },
	{ "Will Hartley", "Whippet", "nickname" },
	{ "Chiara Rossi", "Kiki", "nickname" },
	{ "George Adeyemi", "Big G", "nickname" },
};

/* People who asked for a page of their own; some let it be public. */
static const struct {
	const char	*name;
	bool		 is_public;
} paged[] = {
	{ "Valentina Popescu", true },
	{ "Chiara Rossi", true },
	{ "Priya Raman", false },
	{ "Dmitri Volkov", true },		/* but hidden, so there is no public page */
};

static const char *const hosts[] = { "Mira Novak", "Tom Ashdown", "Ngozi Obi", "Elena Fischer" };

static const struct place places[] = {
	{ .name = "Harbour Steps", .address = "1 Quay Street, Harbourtown", .has_position = true,
	  .latitude = 51.4492, .longitude = -2.5981, .radius_m = 150 },
	{ .name = "Riverside Track", .address = "Mill Lane 12, Harbourtown", .has_position = true,
	  .latitude = 51.4561, .longitude = -2.6127, .radius_m = 200 },
	{ .name = "Beacon Hill Car Park", .address = "Beacon Road, Upper Harbour",
	    .has_position = true,
	  .latitude = 51.4710, .longitude = -2.6302, .radius_m = 250 },
	{ .name = "Old Boathouse", .address = "Towpath 3, Harbourtown", .has_position = true,
	  .latitude = 51.4478, .longitude = -2.6089, .radius_m = 120 },
};

enum { SOCIAL, INTERVALS, LONG_RUN, BEGINNERS, EVENTS };

/* A group, its schedule, and how many people it attracts. */
static const struct {
	const char	*name, *rule, *start, *end, *title;
	size_t		 place, host;		/* indexes of the tables above */
	bool		 is_closed;
	int		 draw;	/* attendance in good weather, per cent of members */
	/* person n is a member when n % every < share */
	int		 every;
	int		 share;
} groups[] = {
	[SOCIAL] = { "Tuesday Social", "FREQ=WEEKLY;BYDAY=TU", "18:30", "19:30", "", 0, 0, false,
	    52, 5, 3 },
	[INTERVALS] = { "Thursday Intervals", "FREQ=WEEKLY;BYDAY=TH", "19:00", "20:15", "", 1, 1,
	    false, 55, 3, 1 },
	[LONG_RUN] = { "Saturday Long Run", "FREQ=WEEKLY;BYDAY=SA", "08:30", "10:30", "", 2, 2,
	    false, 48, 5, 2 },
	[BEGINNERS] = { "Beginners", "FREQ=WEEKLY;BYDAY=SU", "10:00", "11:00", "Couch to 5 km", 3,
	    3, true, 68, 1, 1 },
	[EVENTS] = { "Club Events", "FREQ=MONTHLY;BYDAY=1SA", "14:00", "15:30", "Harbour Mile", 0,
	    0, false, 40, 1, 1 },
};

static const char *const reasons[] = {
	"Storm warning", "Ice on the towpath", "The host is ill and nobody can stand in",
	"The river is over its banks", "Road works at the meeting point",
};

/* The state of the making. */
struct demo {
	struct store	*store;
	const struct club *club;
	uint64_t	 seed;
	int64_t		 now, then;		/* seconds: the present, and when the club began */
	char		 today[WALL_DATE_SIZE], first[WALL_DATE_SIZE], last[WALL_DATE_SIZE];
	int64_t		 person[N(people)], place[N(places)], host[N(hosts)], group[N(groups)];
	struct run	*runs;			/* those up to and including today */
	size_t		 n_runs;
};

/* A person on the way to a run. */
struct arrival {
	size_t		 person;
	int64_t		 at;			/* seconds */
};

/* The next number below `limit`: splitmix64 (Steele, Lea, Flood 2014). */
static int
draw(struct demo *demo, int limit)
{
	uint64_t z = demo->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (int)((z ^ (z >> 31)) % (uint64_t)limit);
}

/* ---- who and where ---- */

static enum status
add_people(struct demo *demo)
{
	enum status status = ST_OK;
	int64_t id;
	bool is_new;
	size_t i;

	for (i = 0; i < N(people) && status == ST_OK; i++)
		status = store_person(demo->store, people[i], true, demo->then, &demo->person[i],
		    &is_new);
	for (i = 0; i < N(choices) && status == ST_OK; i++) {
		status = store_person(demo->store, choices[i].name, false, demo->then, &id, NULL);
		if (status == ST_OK)
			status = store_person_set(demo->store, id, choices[i].nickname,
			    choices[i].visibility);
	}
	for (i = 0; i < N(paged) && status == ST_OK; i++) {
		status = store_person(demo->store, paged[i].name, false, demo->then, &id, NULL);
		if (status == ST_OK)
			status = store_person_link(demo->store, id, true);
		if (status == ST_OK)
			status = store_person_publish(demo->store, id, paged[i].is_public);
	}
	for (i = 0; i < N(hosts) && status == ST_OK; i++)
		status = store_host_add(demo->store, hosts[i], demo->then, &demo->host[i]);
	for (i = 0; i < N(places) && status == ST_OK; i++)
		status = store_place_add(demo->store, &places[i], demo->then, &demo->place[i]);
	for (i = 0; i < N(groups) && status == ST_OK; i++)
		status = store_group_add(demo->store, groups[i].name, groups[i].is_closed,
		    demo->then, &demo->group[i]);
	for (i = 0; i < LISTED && status == ST_OK; i++)
		status = store_list_add(demo->store, demo->group[BEGINNERS], demo->person[i],
		    demo->then, &is_new);
	return status;
}

/* All schedules, but leave out today, which has only the run that is open. */
static enum status
add_schedules(struct demo *demo)
{
	const char *const skip[] = { demo->today };
	struct schedule schedule;
	enum status status = ST_OK;
	size_t i;
	int added;

	for (i = 0; i < N(groups) && status == ST_OK; i++) {
		schedule = (struct schedule){ .group_id = demo->group[i],
		    .place_id = demo->place[groups[i].place],
			.host_id = demo->host[groups[i].host] };
		snprintf(schedule.title, sizeof(schedule.title), "%s", groups[i].title);
		snprintf(schedule.rule, sizeof(schedule.rule), "%s", groups[i].rule);
		snprintf(schedule.start, sizeof(schedule.start), "%s", groups[i].start);
		snprintf(schedule.end, sizeof(schedule.end), "%s", groups[i].end);
		memcpy(schedule.first, demo->first, sizeof(schedule.first));
		memcpy(schedule.through, demo->last, sizeof(schedule.through));
		status = store_schedule_add(demo->store, &schedule, skip, 1, demo->then, &added);
	}
	return status;
}

/* ---- today ---- */

/*
 * Today's run, which is going on now: it started 15 to 30 minutes ago, but not before midnight, and
 * ends late enough for check-in to stay open for OPEN_MIN. Where a clock change shortens it, it is
 * made longer.
 */
static enum status
add_today(struct demo *demo)
{
	struct run run = { .group_id = demo->group[EVENTS], .place_id = demo->place[0],
	    .host_id = demo->host[0], .opens_min = 30, .closes_min = 30, .title = "Welcome Run" };
	/* the start of a quarter of an hour, 15 to 30 minutes ago */
	int64_t start = demo->now - 15 * 60 - demo->now % (15 * 60);
	char date[WALL_DATE_SIZE];
	struct run_window window;
	struct run_time time;
	int minutes;
	enum status status = wall_local(start, demo->club->zone, run.date, run.start);

	if (status != ST_OK)
		return status;
	if (strcmp(run.date, demo->today) != 0) {
		memcpy(run.date, demo->today, sizeof(run.date));
		memcpy(run.start, "00:00", sizeof(run.start));
	}
	memcpy(run.zone, demo->club->zone, sizeof(run.zone));
	for (minutes = 90; minutes <= 360; minutes += 30) {
		status = wall_local(start + minutes * 60, run.zone, date, run.end);
		time = run_time_of(&run);
		if (status == ST_OK)
			status = run_window(&time, &window);
		if (status != ST_OK)
			return status;
		if (run_state(&time, &window, demo->now) == RUN_OPEN &&
		    window.closes >= demo->now + OPEN_MIN * 60)
			break;
	}
	return store_run_add(demo->store, &run, demo->then);
}

/* ---- who came ---- */

static bool
pick_run(void *handle, const struct run *run)
{
	struct demo *demo = handle;

	if (demo->n_runs < RUNS_MAX)
		demo->runs[demo->n_runs++] = *run;
	return demo->n_runs < RUNS_MAX;
}

static size_t
group_of(const struct demo *demo, const struct run *run)
{
	size_t i;

	for (i = 0; i + 1 < N(groups) && demo->group[i] != run->group_id; i++)
		continue;
	return i;
}

static bool
is_member(size_t person, size_t group)
{
	return groups[group].is_closed ? person < LISTED
	    : (int)person % groups[group].every < groups[group].share;
}

static int
compare_arrivals(const void *a, const void *b)
{
	const struct arrival *first = a, *second = b;

	return first->at != second->at ? first->at < second->at ? -1 : 1
	    : first->person < second->person ? -1 : 1;
}

/* Minutes from the start: most come in the last minutes before it, some early, a few late. */
static int
draw_minutes(struct demo *demo)
{
	int minutes = -1 - draw(demo, 7) - draw(demo, 7) - draw(demo, 1 + draw(demo, 14));

	return draw(demo, 11) == 0 ? 1 + draw(demo, 5) + draw(demo, 9) : minutes;
}

/*
 * Draw who comes to `run`, in order of arrival, and return how many. The club grows from half to
 * full size over the weeks; seasons, weather and how faithful a person is count too.
 */
static size_t
draw_arrivals(struct demo *demo, const struct run *run, const struct run_window *window,
    struct arrival arrivals[N(people)])
{
	/* per cent */
	static const int months[] = { 80, 85, 95, 105, 110, 115, 100, 90, 105, 105, 95, 75 };
	size_t group = group_of(demo, run), person, n = 0;
	int64_t whole = demo->now - demo->then, at;
	int size = 50 + (int)(50 * (window->starts - demo->then) / (whole > 0 ? whole : 1));
	int weather = (70 + draw(demo, 45)) * months[(atoi(run->date + 5) + 11) % 12] / 100;
	int faith, chance;

	for (person = 0; person < N(people); person++) {
		if (!is_member(person, group))
			continue;
		faith = 60 + (int)(person * 37 % 71);			/* 60 to 130 per cent */
		chance = groups[group].draw * (groups[group].is_closed ? 100
		    : size) / 100 * weather / 100 * faith / 100;
		if (draw(demo, 100) >= chance)
			continue;
		at = window->starts + draw_minutes(demo) * 60 + draw(demo, 60);
		if (at < window->opens || at > demo->now)
			continue;
		arrivals[n++] = (struct arrival){ person, at };
	}
	qsort(arrivals, n, sizeof(*arrivals), compare_arrivals);
	return n;
}

/* Enter one arrival: by the code, or by the host's mark for those late or without a phone. */
static enum status
enter_arrival(struct demo *demo, const struct run *run, const struct run_window *window,
    const char *token, const struct arrival *arrival)
{
	struct attempt attempt = { .now = arrival->at };
	struct verdict verdict;
	bool is_new;
	enum status status;

	if (arrival->at > window->starts + 180 || draw(demo, 25) == 0)
		return store_mark(demo->store, run->id, demo->person[arrival->person],
		    arrival->at > window->starts + 180 ? ATTENDANCE_LATE : ATTENDANCE_PRESENT,
		    "host", arrival->at, arrival->at, &is_new);
	snprintf(attempt.code, sizeof(attempt.code), "%s", token);
	if (draw(demo, 9) == 0)
		code_digits_make(run->key, arrival->at, attempt.code);
	snprintf(attempt.name, sizeof(attempt.name), "%s", people[arrival->person]);
	status = store_attend(demo->store, &attempt, &verdict);
	return status == ST_OK ? verdict.status : status;
}

/* Mark those on the beginners' list who did not come: some had said so, the others had not. */
static enum status
enter_missing(struct demo *demo, const struct run *run, const struct run_window *window,
    const bool came[N(people)])
{
	enum attendance_status mark;
	enum status status = ST_OK;
	bool is_new;
	size_t i;

	for (i = 0; i < LISTED && status == ST_OK; i++) {
		if (came[i])
			continue;
		mark = draw(demo, 100) < 40 ? ATTENDANCE_EXCUSED : ATTENDANCE_ABSENT;
		status = store_mark(demo->store, run->id, demo->person[i], mark,
		    "host", window->ends, window->ends, &is_new);
	}
	return status;
}

static enum status
attend_run(struct demo *demo, const struct run *run)
{
	struct run_time time = run_time_of(run);
	struct code_content content = { .run_id = run->id, .kind = CODE_PRINTED };
	struct arrival arrivals[N(people)];
	bool came[N(people)] = { false };
	char token[CODE_TOKEN_SIZE];
	struct run_window window;
	size_t n = 0, i;
	enum status status = run_window(&time, &window);

	content.expires = window.closes;
	if (status == ST_OK)
		status = code_token_make(&content, run->key, token);
	if (status == ST_OK)
		n = draw_arrivals(demo, run, &window, arrivals);
	for (i = 0; i < n && status == ST_OK; i++) {
		came[arrivals[i].person] = true;
		status = enter_arrival(demo, run, &window, token, &arrivals[i]);
	}
	if (status == ST_OK && groups[group_of(demo, run)].is_closed && window.ends <= demo->now)
		status = enter_missing(demo, run, &window, came);
	return status;
}

/* Go through the past runs: a few were cancelled that morning, people came to the others. */
static enum status
fill_past(struct demo *demo)
{
	const struct run *run;
	struct run_window window;
	struct run_time time;
	size_t i;
	enum status status = store_runs(demo->store, 0, demo->first, demo->today, pick_run, demo);

	for (i = 0; i < demo->n_runs && status == ST_OK; i++) {
		run = &demo->runs[i];
		time = run_time_of(run);
		status = run_window(&time, &window);
		if (status != ST_OK)
			break;
		if (strcmp(run->date, demo->today) != 0 && draw(demo, 24) == 0)
			status = store_run_cancel(demo->store, run->id, true,
			    reasons[draw(demo, (int)N(reasons))], window.opens);
		else
			status = attend_run(demo, run);
	}
	return status;
}

/* Cancel one of the runs ahead, and move another. */
static enum status
change_future(struct demo *demo)
{
	char from[WALL_DATE_SIZE];
	struct run run;
	enum status status = wall_date_add(demo->today, 7, from);

	demo->n_runs = 0;
	if (status == ST_OK)
		status = store_runs(demo->store, demo->group[INTERVALS], from, NULL, pick_run,
		    demo);
	if (status == ST_OK && demo->n_runs > 2) {
		status = store_run_cancel(demo->store, demo->runs[1].id, true,
		    "The track is closed for a school sports day",
		    demo->now);
		run = demo->runs[2];
		run.place_id = demo->place[3];
		if (status == ST_OK)
			status = store_run_move(demo->store, &run, demo->now);
	}
	return status;
}

/* Work out when the calendar begins and ends. */
static enum status
set_dates(struct demo *demo)
{
	char time[WALL_TIME_SIZE];
	enum status status = wall_local(demo->now, demo->club->zone, demo->today, time);

	if (status == ST_OK)
		status = wall_date_add(demo->today, -7 * DEMO_WEEKS, demo->first);
	if (status == ST_OK)
		status = wall_date_add(demo->today, DEMO_AHEAD, demo->last);
	if (status == ST_OK)
		status = wall_instant(demo->first, "00:00", demo->club->zone, &demo->then);
	return status;
}

enum status
demo_fill(struct store *store, const struct club *club, int64_t now)
{
	struct demo demo = { .store = store, .club = club, .seed = 20, .now = now };
	enum status status = set_dates(&demo);

	demo.runs = calloc(RUNS_MAX, sizeof(*demo.runs));
	if (demo.runs == NULL)
		buffer_fail();
	if (status == ST_OK)
		status = store_begin(store);
	if (status == ST_OK) {
		status = add_people(&demo);
		if (status == ST_OK)
			status = add_schedules(&demo);
		if (status == ST_OK)
			status = add_today(&demo);
		if (status == ST_OK)
			status = fill_past(&demo);
		if (status == ST_OK)
			status = change_future(&demo);
		if (status == ST_OK)
			status = store_commit(store);
		if (status != ST_OK)
			store_rollback(store);
	}
	free(demo.runs);
	return status;
}
