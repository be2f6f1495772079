// SPDX-License-Identifier: ISC
/*
 * page.h: the pages that templates/pages/ defines, each a pair of files.
 *
 * NAME.sql says what the page knows, NAME.EXT how it looks (without it the page query has a column
 * `body`, the file itself). The head of the .sql:
 *
 *     -- @page public runs/{date}/index.html      for whom, and where; {column} of the page query
 *     -- @query keys                              keys of pages that may be new, changed or gone
 *                                                 since :since
 *     -- @query page                              joins temp.touched(key); one row a page
 *     -- @query NAME                              a section {{#NAME}}; parameters bind to columns
 *                                                 of the rows around
 *     -- @query NAME kept COLUMN COLUMN           one whose rows are rendered once for each value
 *                                                 of these columns (one or two, numbers or texts of
 *                                                 at most 7 bytes), from which all else that a row
 *                                                 shows follows: its own columns, root, tree,
 *                                                 language, today, the club, and of all views
 *                                                 public_face. In `turnout watch` that lasts until
 *                                                 more changes than who came
 *     -- @include NAME                            the queries of templates/partials/NAME.sql, which
 *                                                 several pages share
 *
 * `keys` reads temp.changed(kind, key): what changed since :since, by the kinds of db/schema.sql's
 * change log, and by these of the publish itself (nothing when :since is 0: then every key is asked
 * for):
 *
 *     state    run.id   the clock opened it, closed it, or carried it past its end
 *     settled  run.id   how many came changed after it closed, or it has just closed. While
 *                       check-in is open, the numbers of a run are on its own page, the front page,
 *                       in the live file, today's API and on the page of who came; all other pages
 *                       take a run's numbers when it is over (run_is_over), so that a check-in
 *                       touches no more
 *     past     person.id  “record”, where it may be about more than a run that is open: something
 *                       settled, or a list changed. Where it is not, and no date changed, “record”
 *                         is left
 *                       of those alone who have a page of their own
 *     today    date     midnight passed: every date from the old through the new
 *     minute   run.id   the typed code of an open run moved on
 *     slot     run.id   the code on the screen of an open run moved on (where each is for one
 *                       person, the log's “code” says so)
 *
 * Queries of private pages may read temp.beginning(person_id, group_id, level, first, second,
 * third): the first three dates, or fewer, at which a person came to a group with a proof of just
 * that level (core/proof.h), and with level -1 those of other entries; past runs alone, without
 * those that are cancelled. It is made when a page that names it is the first since facts or the
 * clock moved on. Any query may read each_line(BLOB), a row for each line that the function lines
 * gave (function.h).
 *
 * A keys query that names kinds, each in single quotes, is asked when one of them is in
 * temp.changed; one that names none, or looks at :then or :then_day itself, always; and one that
 * looks at :since alone, and into no table, when everything is looked at. By the same rule each of
 * its parts between UNION ALL is asked or left out, and one that says “:since = 0” and names no
 * kind is left out but for that. (A query that begins with WITH has no parts.)
 *
 * Parameters besides columns: :since, :now, :today, :then, :then_day, :language (what the page is
 * in) and :chosen (NULL, or the same where the reader chose it). Names in templates are looked up
 * from the innermost row outwards; behind the page row stand the row of public_club and the
 * built-ins root, today, language, tree, here and, in a section, is_first (its first row).
 * Everything is checked at load: SQL prepares, parameters and names resolve, or the build stops
 * with file and line.
 *
 * Languages. The pages are in the club's; a page query that offers `language` says otherwise for a
 * row. Each public .html page but 404.html is made again below LANG/ for each language that the
 * club offers. So {{root}} is the way to the root of the site, to what is there once; {{tree}} to
 * the root of the pages in the reader's language; and {{here}} from there to this page. Every .html
 * page has a section {{#languages}}, empty where there is no choice: other, other_name, other_path,
 * other_address, first_address (of the page in nobody's choice), is_here and is_last.
 *
 * {{NUMBER.number}} and {{NUMBER.percent}} write a column as the language does, {{NUMBER.so_far}}
 * is the sum of one column of a section from its first row to this one, {{#COLUMN.VALUE}} asks
 * whether it is VALUE (or, of a number, whether that is its plural category: message.h).
 */
#ifndef TURNOUT_PAGE_H
#define TURNOUT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "core/wall.h"
#include "db/driver.h"
#include "db/manifest.h"
#include "gen/buffer.h"
#include "gen/mustache.h"

#define PAGE_NAME_SIZE		84
#define PAGE_PATH_SIZE		1024
#define PAGE_KEY_SIZE		256
#define PAGE_TREE_SIZE		20
#define PAGE_QUERIES		16	/* named queries in one page */
#define PAGE_KEPT_VALUES	2	/* columns that a kept row follows from, */
#define PAGE_KEPT_TEXT		7	/* bytes, where it is a text */
#define PAGE_DEPTH		32	/* sections inside each other */

/* One named query of a page; its statement is prepared when the page is needed. */
struct page_query {
	char		 name[PAGE_NAME_SIZE];
	char		*file;			/* where it stands, for messages; owned */
	unsigned int	 line;			/* of its @query */
	char		*sql;			/* owned */
	struct rows	*rows;			/* NULL while it is not prepared */
	struct page_column {
		char		*name;		/* owned */
		size_t		 length;
	}		*columns;
	int		 n_columns;
	/* numbers of the parameters that rows around it, or a built-in, give; owned */
	int		*bound;
	int		 n_bound;
	uint64_t	 publish;		/* for which the clock is bound */
	/* the column that is asked for “so far”, from 1; 0: none was */
	int		 summed;
	int64_t		 sum;			/* of it */
	char		 kept[PAGE_KEPT_VALUES][32];	/* columns that rows are kept by, then "" */
	int		 keys[PAGE_KEPT_VALUES];	/* their numbers, -1 for none */
	/* of keys: the parts prepared, a bit each, and the changes that they are for */
	uint32_t	 asked, asked_for;
	bool		 is_open;
	bool		 is_empty;		/* it is known to have no rows: nobody asks */
};

enum page_query_number { PAGE_KEYS, PAGE_PAGE, PAGE_FIRST_SECTION };

/* A page's template in one language. */
struct page_text {
	struct mustache_template template;
	/* partials of its kind of file in that language, borrowed */
	struct mustache_set	*set;
	bool			 is_read, is_checked;		/* every name in it */
};

struct page {
	char			 name[PAGE_NAME_SIZE];	/* "run"; below a language "de/run" */
	/* of its files: "run" */
	char			 source[PAGE_NAME_SIZE - PAGE_TREE_SIZE];
	/* "de/"; "" for the pages in nobody's choice */
	char			 tree[PAGE_TREE_SIZE];
	/* "public/runs/{date}/index.html" */
	char			 pattern[PAGE_PATH_SIZE];
	uint8_t			 hash[MANIFEST_HASH_BYTES];	/* of everything it is made from */
	/* of what is only remembered the rest below is unknown */
	bool			 is_loaded;
	bool			 is_private;
	/* of change that its keys query waits for, a bit each; 0: it is asked always */
	uint32_t		 kinds;
	bool			 has_template;
	/* tells its names from others', while its statements last; 0: none yet */
	uint32_t		 place;
	/* checked before: prepared piece by piece, where one is needed */
	bool			 is_trusted;
	enum escape_kind	 escape;
	struct page_query	 queries[PAGE_QUERIES];
	size_t			 n_queries;
	/* by number of the language in `tongues` (page_inside.h); owned */
	struct page_text	*texts;
	size_t			 language;			/* number of its own */
	/* of the page query; -1: all rows are in its own, or it is not known yet */
	int			 language_column;
};

/* The clock of a publish: this one and the one before. */
struct page_clock {
	int64_t		since;	/* last change that is in the site, 0: build everything */
	int64_t		event;				/* and the last event */
	int64_t		now, then;			/* seconds since 1970 */
	char		today[WALL_DATE_SIZE];		/* of `now` in the club's zone */
	char		then_day[WALL_DATE_SIZE];
};

/* All pages of one templates folder on one connection. */
struct pages;

/* The key of a page. */
struct page_key {
	char		*text;		/* owned; NULL: it is the number */
	int64_t		 number;
};

/* Keys in order, none twice; {0} is empty. */
struct page_keys {
	struct page_key	*keys;
	size_t		 count, capacity;
};
void		page_keys_clear(struct page_keys *keys);

/*
 * What is known of the pages from when they were last read: while the stamp is that of the folder,
 * each file's name, size and times, nobody touched a source.
 */
struct pages_memory {
	uint8_t			 stamp[MANIFEST_HASH_BYTES];
	uint8_t			 assets[MANIFEST_HASH_BYTES];
	struct page_memory {
		char		 name[PAGE_NAME_SIZE];
		uint8_t		 hash[MANIFEST_HASH_BYTES];
		uint32_t	 kinds;
	}			*list;		/* in any order */
	size_t			 count;
	/*
	 * The text of a template file with the words of a language in it, if it is known; NULL:
	 * none is.
	 */
	bool			(*text)(void *handle, const char *file, const char *language,
	    struct buffer *text);
	void			*handle;	/* lent, as long as the pages live */
};

/*
 * Add a page to the memory, or, under its name, the assets; one whose hash is all zeros makes it
 * worthless.
 */
void		pages_memory_add(struct pages_memory *memory, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds);
void		pages_memory_clear(struct pages_memory *memory);

/* From now on read all files themselves: several threads would ask for the texts at once. */
void		pages_forget_texts(struct pages *pages);

/*
 * Give each such text that was made since the last call, of the stamp's sources; what `take`
 * returns other than ST_OK stops, and is returned.
 */
enum status	pages_texts(struct pages *pages,
		    enum status (*take)(void *handle, const char *file, const char *language,
		    const char *text), void *handle);

/* Everything that `pages` would have remembered. */
void		pages_remember(const struct pages *pages, struct pages_memory *memory);

/*
 * The stamp of the folder they were read from; all zeros when somebody wrote there moments before:
 * that may go on unseen.
 */
const uint8_t	*pages_stamp(const struct pages *pages);

/* Were they loaded from memory? Then the sources are those that were published. */
bool		pages_is_remembered(const struct pages *pages);

/*
 * Read every page below `templates`; with a `memory` (or NULL) that still holds only what is asked
 * for, when it is asked for; each is prepared and checked when it is first needed (page_ready).
 * *pages is the caller's to clear; *why holds the sentence on failure. ST_REFUSED: a page's head or
 * one of its keys queries is wrong, a template has no .sql, or a file of assets/ that is named is
 * not there, with file and line. ST_UNKNOWN: no such folder. ST_FAULT. The connection gets the
 * functions of function.h, temp.changed, temp.touched and temp.status.
 */
enum status	pages_load(struct driver *driver, const char *templates,
		    const struct pages_memory *memory, struct pages **pages,
		    struct mustache_error *why);
void		pages_clear(struct pages *pages);

/*
 * Have the connection speak the languages of `pages` again, after others were loaded on it and
 * cleared. A fault: see the driver.
 */
enum status	pages_speak(struct pages *pages);

/*
 * Are the languages of club and groups still those they were loaded with? Otherwise they are to be
 * loaded again.
 */
bool		pages_is_current(struct pages *pages);

size_t		pages_count(const struct pages *pages);
struct page	*pages_at(struct pages *pages, size_t i);

/* Of the files in assets/ and messages/, by name and content. */
const uint8_t	*pages_assets_hash(const struct pages *pages);

/*
 * Prepare and check a page: SQL, parameters, the names in its template. ST_REFUSED with file and
 * line in pages_why.
 */
enum status	page_ready(struct pages *pages, struct page *page);

/*
 * The page was made from the same sources before: spare it the check, and everything that no row
 * asks for.
 */
void		page_trust(struct page *page);

/*
 * Have at hand all that the pages ask which wait for a change of `kind`: statements, templates,
 * partials. What is wrong is said when it is asked.
 */
void		pages_prepare(struct pages *pages, const char *kind);

/* Give back the page's statements, to be prepared again when it is needed, and what was kept. */
void		page_rest(struct pages *pages, struct page *page);

/* How far the log has come; 0 for none. A fault: see pages_why. */
struct page_log {
	int64_t	change, event;		/* the newest of each */
	int64_t	club;			/* the newest change of kind “club” */
};
enum status	pages_log(struct pages *pages, struct page_log *log);

/* Before rendering, in a read transaction: take clock and club's row. */
enum status	pages_begin(struct pages *pages, const struct page_clock *clock);
void		pages_end(struct pages *pages);

/*
 * Before page_touch, behind pages_log in the same transaction: fill temp.changed from the log
 * behind the clock's `since` and `event`, and with what the clock moved.
 */
enum status	pages_changed(struct pages *pages);

/* Did pages_changed find anything? */
bool		pages_has_changed(const struct pages *pages);

/*
 * The keys of `page` that the change or the clock touches; with `is_full` as if nothing had been
 * published before.
 */
enum status	page_touch(struct pages *pages, struct page *page, bool is_full,
		    struct page_keys *keys);

/*
 * What page_render gives. All are lent. A page is composed at the end of `content`, where it stays,
 * from the byte `at`; what the taker adds behind it is its own.
 */
struct page_taker {
	void		*handle;
	struct buffer	*content;
	enum status	(*page)(void *handle, const struct page *page, const char *key,
	    const char *path,
			    size_t at);
	/* of a key that has no row; NULL: nobody asks */
	enum status	(*missing)(void *handle, const struct page *page, const char *key);
};

/*
 * Render the pages of `count` keys, in the order of page_touch. The taker returns a status, and
 * anything but ST_OK stops. On failure pages_why says why, unless the taker made it.
 */
enum status	page_render(struct pages *pages, struct page *page, const struct page_key *keys,
		    size_t count, const struct page_taker *taker);

const char	*pages_why(const struct pages *pages);

/* ---- without a template: for files that hold what a page shows (page_read.c) ---- */

/* The page called `name` (its files' name without an ending); or NULL, and pages_why. */
struct page	*pages_find(struct pages *pages, const char *name);

/*
 * Between pages_begin and pages_end, stand on the row of `key` until page_leave. ST_UNKNOWN: there
 * is none. Otherwise see pages_why.
 */
enum status	page_enter(struct pages *pages, struct page *page, const char *key);
void		page_leave(struct page *page);

/* Has the page a section (a query) `name`? If not, pages_why says so. */
bool		page_has_section(struct pages *pages, struct page *page, const char *name);

/*
 * The section `name` for the row entered, its parameters bound from there and from the clock
 * (others are the caller's to bind), ready for rows_step; lent until the next call of it. It must
 * be one of the page's.
 */
struct rows	*page_section_rows(struct pages *pages, struct page *page, const char *name);

/* These rows failed: have pages_why say so. ST_REFUSED. */
enum status	page_section_fail(struct pages *pages, const struct page *page, const char *name);

/* The column `name` of the section, or with NULL of the row entered; -1 when there is none. */
int		page_section_column(struct page *page, const char *section, const char *name);

/* A number of the row entered; 0 when there is none. */
int64_t		page_row_number(struct page *page, const char *column);

#endif
