// SPDX-License-Identifier: ISC
/* metrics.c: see metrics.h. */
#include "endpoint/metrics.h"

#include <stdio.h>
#include <stdlib.h>

static const double batch_bounds[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256 };
static const double commit_bounds_us[] = { 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000,
    250000, 1000000, 5000000 };

#define COUNT_OF(array)	(sizeof (array) / sizeof (array)[0])

static const char *const route_names[ROUTE_END] = {
	[ROUTE_REGISTER] = "register", [ROUTE_SCAN] = "scan", [ROUTE_UNDO] = "undo",
	[ROUTE_CHECK_OUT] = "check_out", [ROUTE_SUGGEST] = "suggest", [ROUTE_STATS] = "stats",
	[ROUTE_CALENDAR] = "calendar", [ROUTE_CALENDAR_TODAY] = "calendar_today",
	[ROUTE_ATTENDANCE_TODAY] = "attendance_today", [ROUTE_HISTORY] = "history",
	[ROUTE_EXPORT] = "export", [ROUTE_QR] = "qr", [ROUTE_VALIDATE] = "validate",
	[ROUTE_LIVE] = "live", [ROUTE_READY] = "ready", [ROUTE_METRICS] = "metrics",
	[ROUTE_COUNT] = "count", [ROUTE_FILE] = "file",
};

/* ---- counting ---- */

void
metrics_request(struct metrics *metrics, enum route route, int http)
{
	atomic_fetch_add_explicit(&metrics->requests[route][http >= 100 && http < 600 ? http / 100
	    : 0], 1, memory_order_relaxed);
}

static void
observe(struct histogram *histogram, const double *bounds, size_t count, int64_t value)
{
	size_t i;

	for (i = 0; i < count && (double)value > bounds[i]; i++)
		;
	atomic_fetch_add_explicit(&histogram->counts[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum, (unsigned long long)value, memory_order_relaxed);
}

void
metrics_batch(struct metrics *metrics, int check_ins, int64_t disk_us)
{
	observe(&metrics->batch, batch_bounds, COUNT_OF(batch_bounds), check_ins);
	observe(&metrics->commit, commit_bounds_us, COUNT_OF(commit_bounds_us), disk_us);
}

/* ---- writing ---- */

static void
head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP turnout_%s %s\n# TYPE turnout_%s %s\n", name, help, name, type);
}

static void
gauge(FILE *out, const char *name, const char *help, int64_t value)
{
	head(out, name, "gauge", help);
	fprintf(out, "turnout_%s %lld\n", name, (long long)value);
}

static void
write_requests(FILE *out, struct metrics *metrics)
{
	int route, class;

	head(out, "requests_total", "counter",
	    "Requests answered, by route and class of the HTTP status.");
	for (route = 0; route < ROUTE_END; route++)
		for (class = 1; class < 6; class++)
			if (metrics->requests[route][class] > 0)
				fprintf(out, "turnout_requests_total{route=\"%s\",status=\"%dxx\"} "
				    "%llu\n", route_names[route], class,
				    (unsigned long long)metrics->requests[route][class]);
}

static void
write_verdicts(FILE *out, struct metrics *metrics)
{
	int status;

	head(out, "check_ins_total", "counter", "Check-ins judged or refused, by verdict.");
	for (status = 0; status < ST_END; status++)
		if (metrics->verdicts[status] > 0 || status == ST_OK)
			fprintf(out, "turnout_check_ins_total{verdict=\"%s\"} %llu\n",
			    status_info((enum status)status)->code,
			    (unsigned long long)metrics->verdicts[status]);
}

static void
write_refusals(FILE *out, struct metrics *metrics)
{
	int limit;

	head(out, "refused_total", "counter",
	    "Requests that a limit refused unjudged; queue: more was waiting than can be served.");
	for (limit = 0; limit < LIMIT_END; limit++)
		/* being over these two refuses nobody: LIMIT_GUESS then decides */
		if (limit != LIMIT_ADDRESS_WRONG && limit != LIMIT_FIRST)
			fprintf(out, "turnout_refused_total{limit=\"%s\"} %llu\n",
			    limit_rate((enum limit)limit)->name,
			    (unsigned long long)metrics->refused[limit]);
	fprintf(out, "turnout_refused_total{limit=\"queue\"} %llu\n",
	    (unsigned long long)metrics->busy);
}

/* Values are multiplied by `unit`: microseconds are written as seconds. */
static void
write_histogram(FILE *out, const char *name, const char *help, struct histogram *histogram,
    const double *bounds, size_t count, double unit)
{
	unsigned long long below = 0;
	size_t i;

	head(out, name, "histogram", help);
	for (i = 0; i < count; i++) {
		below += histogram->counts[i];
		fprintf(out, "turnout_%s_bucket{le=\"%g\"} %llu\n", name, bounds[i] * unit, below);
	}
	below += histogram->counts[count];
	fprintf(out, "turnout_%s_bucket{le=\"+Inf\"} %llu\nturnout_%s_sum %.6f\n"
	    "turnout_%s_count %llu\n", name, below, name, (double)histogram->sum * unit, name, below);
}

static void
write_gauges(FILE *out, const struct gauges *gauges, const char *sqlite)
{
	head(out, "refused_heads_total", "counter",
	    "Requests whose head could not be read or believed.");
	fprintf(out, "turnout_refused_heads_total %d\n", gauges->requests_refused);
	head(out, "queue_depth", "gauge", "Requests waiting or in work.");
	fprintf(out, "turnout_queue_depth{queue=\"writer\"} %d\n"
	    "turnout_queue_depth{queue=\"desk\"} %d\n",
	    gauges->writer_inside, gauges->desk_inside);
	head(out, "ready", "gauge", "What /health/ready looks at: 1 well, 0 not.");
	fprintf(out, "turnout_ready{part=\"database\"} %d\nturnout_ready{part=\"disk\"} %d\n"
	    "turnout_ready{part=\"site\"} %d\nturnout_ready{part=\"publisher\"} %d\n",
	    gauges->database, gauges->disk, gauges->site, gauges->publisher);
	if (gauges->publisher_age_s >= 0)
		gauge(out, "publisher_age_seconds",
		    "How long the oldest change that is not in the site waits, since it was first "
		    "seen; 0 for none.", gauges->publisher_age_s);
	gauge(out, "disk_free_bytes", "Room for the database.", gauges->disk_free_bytes);
	gauge(out, "open_files", "Open file descriptors.", gauges->open_files);
	gauge(out, "start_time_seconds", "When the program was started, since 1970.",
	    gauges->started);
	head(out, "build_info", "gauge", "Always 1; the labels tell.");
	fprintf(out, "turnout_build_info{version=\"%s\",sqlite=\"%s\",civetweb=\"%s\"} 1\n",
	    TURNOUT_VERSION, sqlite, http_version());
}

void
metrics_reply(struct metrics *metrics, const struct gauges *gauges, const char *sqlite,
    struct reply *reply)
{
	FILE *out = open_memstream(&reply->body, &reply->length);

	reply->http = out == NULL ? 500 : 200;
	if (out == NULL)
		return;
	reply->type = "text/plain; version=0.0.4; charset=utf-8";
	write_requests(out, metrics);
	write_verdicts(out, metrics);
	write_refusals(out, metrics);
	write_histogram(out, "batch_check_ins", "Check-ins entered together.",
	    &metrics->batch, batch_bounds, COUNT_OF(batch_bounds), 1);
	write_histogram(out, "commit_seconds", "How long it took to bring a batch to the disk.",
	    &metrics->commit, commit_bounds_us, COUNT_OF(commit_bounds_us), 1e-6);
	write_gauges(out, gauges, sqlite);
	if (fclose(out) == 0)
		return;
	free(reply->body);
	*reply = (struct reply){ .http = 500 };
}
