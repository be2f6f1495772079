// SPDX-License-Identifier: ISC
/*
 * page_inside.h: what pages.c (all of them) and page.c (one) share with the files page_*.c; nobody
 * else includes it.
 */
#ifndef TURNOUT_PAGE_INSIDE_H
#define TURNOUT_PAGE_INSIDE_H

#include "gen/message.h"
#include "gen/page.h"

#define PAGE_FOUND	1024	/* a power of two */
#define PAGE_MONTHS	64	/* sums of months that are kept */
#define PAGE_KINDS	12	/* kinds of file that have partials of their own */

/* The engine's own statements; each is prepared when it is first needed. */
enum page_engine {
	ENGINE_TOUCH, ENGINE_UNTOUCH, ENGINE_CHANGED, ENGINE_UNCHANGE, ENGINE_PRESENT, ENGINE_LOG,
	ENGINE_SPOKEN,
	/* These fill temp.changed with what the clock moved, */
	ENGINE_STATE, ENGINE_SETTLED, ENGINE_MINUTE, ENGINE_SLOT, ENGINE_TODAY,
	/* and with what follows from all that is there. */
	ENGINE_OVER, ENGINE_ALWAYS_END,
	/*
	 * One of people, where they are touched beyond a run that is open; the other where they are
	 * not.
	 */
	ENGINE_PAST = ENGINE_ALWAYS_END, ENGINE_NOT_OWN,
	/* How many came in a month, and the months of which that changed. */
	ENGINE_MONTH, ENGINE_MONTHS,
	/* temp.beginning */
	ENGINE_BEGINNING, ENGINE_UNBEGIN,
	ENGINE_END
};

/* One kind of file: its partials. */
struct page_kind {
	char			 extension[16];
	struct page_words {
		struct mustache_folder	 folder;
		struct pages		*pages;
		size_t			 language;	/* number of it */
		struct mustache_set	 set;
	}			*words;				/* by language */
};

/* What every page has, and is_first. */
enum page_built_in {
	BUILT_IN_ROOT, BUILT_IN_TREE, BUILT_IN_HERE, BUILT_IN_TODAY, BUILT_IN_LANGUAGE,
	BUILT_IN_FIRST, BUILT_IN_END
};

/* Which of them that is; BUILT_IN_END: none. */
enum page_built_in	page_built_in(const char *name, size_t length);

/*
 * What a name was found to mean: templates live as long as their page, and the same tag is always
 * at the same address.
 */
struct page_found {
	const char		*key;
	uint64_t		 place;
	struct rows		*rows;		/* that offer it; NULL: no query does */
	int			 column;
	enum page_built_in	 built_in;	/* without rows; BUILT_IN_END: it is none */
	const struct page_query	*query;	/* the section, without either; NULL: nobody offers it */
};

/*
 * Texts of kept rows, by query, tag, language and values of the columns, in a table of open
 * addressing; emptied when it is full, when the ways to the roots are others than before, and by a
 * publish of more than check-ins.
 */
#define PAGE_KEPT		2048	/* entries, a power of two */
#define PAGE_KEPT_BYTES		(128 << 10)
struct page_kept {
	struct page_kept_text {
		const struct page_query	*query;	/* NULL: none */
		const char	*tag;
		int64_t		 values[PAGE_KEPT_VALUES];
		uint32_t	 language, at, length;	/* in `text` */
	}		 entries[PAGE_KEPT];
	size_t		 count;
	struct buffer	 text;
	char		 root[PAGE_PATH_SIZE], tree[PAGE_PATH_SIZE];
};

/* The text of a template file with the words of a language in it, to be remembered. */
struct page_filled {
	char		*file, *text;	/* owned */
	size_t		 language;
};

struct pages {
	struct pages		*self;	/* for came_in, which is lent them as they are */
	struct driver		*driver;
	char			*templates;
	char			*partials;			/* TEMPLATES/partials */
	struct page		*pages;
	size_t			 count;
	struct page_kind	 kinds[PAGE_KINDS];
	size_t			 n_kinds;
	struct rows		*engine[ENGINE_END];		/* NULL while it was not needed */
	/* temp.… is filled, JSON is there: a query asked for it */
	bool			 has_status, has_language, has_json, has_line, has_beginning;
	/* what temp.beginning follows from: the log and the clock */
	struct page_beginning {
		bool		is_filled;
		struct page_log	log;
		int64_t		now;
	}			 beginning;
	/* the club's language, then those it offers and those of groups */
	struct tongues		 tongues;
	/* the three, as they are in the database: what a row of `spoken` says */
	char			*languages;
	/* of `tongues`: those that have a folder of pages */
	size_t			 first_tree, n_trees;
	uint32_t		 changes;	/* kinds in temp.changed, a bit each */
	struct page_query	 club;				/* the row of public_club */
	/* what came_in said, since the log was at `summed` */
	struct page_month {
		char		 month[8];			/* YYYY-MM */
		int64_t		 came;
	}			 months[PAGE_MONTHS];
	size_t			 n_months;
	/* as it was last asked for, and when months were summed */
	struct page_log		 log, summed;
	struct page_clock	 clock;
	uint64_t		 publish;			/* counts pages_begin */
	uint8_t			 assets[MANIFEST_HASH_BYTES];
	uint8_t			 stamp[MANIFEST_HASH_BYTES];
	bool			 is_remembered;
	/* as in pages_memory */
	bool			(*text)(void *, const char *, const char *, struct buffer *);
	void			*text_handle;
	struct page_filled	*filled;			/* since pages_texts */
	size_t			 n_filled;
	/* path part of the club's address and a slash */
	char			 home[PAGE_PATH_SIZE];
	struct page_found	 found[PAGE_FOUND];
	struct page_kept	 kept;
	uint32_t		 places;			/* given so far */
	struct mustache_error	 why;
};

/* Forget the sums of months that the changes touch, or all of them. A fault: see the driver. */
enum status	pages_follow_months(struct pages *pages);

/* A statement of the engine, ready for binding; NULL, with driver_why, when it cannot be. */
struct rows	*page_engine(struct pages *pages, enum page_engine number);

/*
 * Fill temp.status and temp.language, and have JSON, when the query `sql` is the first that names
 * them. A fault: see the driver.
 */
enum status	page_set_up(struct pages *pages, const char *sql);

/* Read and parse the template of `page` in language number `language`, unless that was done. */
bool		page_read_template(struct pages *pages, struct page *page, size_t language,
		    struct mustache_error *why);

/*
 * Prepare a query under the guard of the page's audience and take its columns; nothing is left to
 * do when it is prepared. False with *why when it is not one SELECT that the page may make.
 */
bool		page_query_prepare(struct pages *pages, struct page *page, struct page_query *query,
		    struct mustache_error *why);

/*
 * The same for the keys query, or those of its parts that matter when `changes` are in temp.changed
 * or, with `is_full`, everything is looked at (page.h); *is_asked is false when none does.
 */
bool		page_keys_prepare(struct pages *pages, struct page *page, bool is_full,
		    uint32_t changes, bool *is_asked, struct mustache_error *why);

/*
 * Remember the column names of a prepared query; SQLite's own go when it prepares the statement
 * again.
 */
void		page_query_columns(struct page_query *query);

/* Give back the statement and its columns; page_query_prepare makes them again. */
void		page_query_rest(struct page_query *query);

/* Give back what the query owns. */
void		page_query_clear(struct page_query *query);

#define PAGE_KIND_NONE	(UINT32_C(1) << 31)	/* no change matters */

/*
 * The kinds of change (gen/page.h) that the keys query `sql` waits for, a bit each or
 * PAGE_KIND_NONE; 0: it is asked always.
 */
uint32_t	page_query_kinds(const char *sql);

/* Reads `sql` no view but public_face, which changes with people and club alone? */
bool		page_query_is_of_faces(const char *sql);

/* The name of kind number `i`; NULL behind the last. */
const char	*page_kind_name(size_t i);

/* Hash all sources: those of each page, and the assets (page_source.c). */
void		pages_hash(struct pages *pages);

/*
 * Is each file of assets/ that a source names there? A page would lead nowhere, and the file that
 * was published would go from the site. False with *why, file and line.
 */
bool		pages_check_assets(const struct pages *pages, struct mustache_error *why);

/*
 * Take the stamp of the folder, before anything there is read. False with errno, and *why, when it
 * is none.
 */
bool		pages_take_stamp(struct pages *pages, struct mustache_error *why);

/* Read FILE_NAME in pages/, a page in language number `language`, below `tree`; false with *why. */
bool		page_read(struct pages *pages, struct page *page, const char *file_name,
		    size_t language, const char *tree, struct mustache_error *why);

/* Read the files of a page that was only remembered. */
bool		page_load(struct pages *pages, struct page *page, struct mustache_error *why);

/* The bit of one kind; 0 when there is none of that name. */
uint32_t	page_kind_bit(const char *name, size_t length);

/* A name in a query's columns: its number, or -1. */
int		page_column(const struct page_query *query, const char *name, size_t length);

/* The section query of that name, or NULL. */
struct page_query *page_section(struct page *page, const char *name, size_t length);

/* Forget the texts of kept rows. */
void		page_kept_clear(struct pages *pages);

/*
 * Put the keys into temp.touched, in place of those that are there, for the queries of `page`. A
 * fault: see the driver.
 */
enum status	page_touch_keys(struct pages *pages, const struct page *page,
		    const struct page_key *keys, size_t count);

/*
 * The value of a column as a key, whose text is the caller's to free; the order of keys, for qsort
 * and bsearch: numbers before texts; and the key as a row or the manifest has it: its text, which
 * for a number is written into `digits`.
 */
struct page_key	page_key_read(struct rows *rows, int column);
int		page_key_compare(const void *a, const void *b);
const char	*page_key_text(const struct page_key *key, char digits[BUFFER_DIGITS]);

/* Say what the driver says, and give `status` back. */
enum status	pages_fail_driver(struct pages *pages, enum status status);

/* Run that statement of the engine, with the clock. A fault: see the driver. */
enum status	page_run_engine(struct pages *pages, enum page_engine number);

/* Make temp.beginning, empty, when `sql` is the first that names it. A fault: see the driver. */
enum status	page_beginning_set_up(struct pages *pages, const char *sql);

/*
 * Fill temp.beginning, if a query of `page` names it and facts or clock moved on since that was
 * last done. In the transaction in which the page is read. A fault: see the driver.
 */
enum status	page_beginning_fill(struct pages *pages, const struct page *page);

/* Bind the clock's parameters wherever `rows` has them, as if everything since `since` were new. */
void		page_bind_clock(const struct pages *pages, struct rows *rows, int64_t since);

/*
 * Bind what readers of `page` chose, if anything, and the language that follows from it, wherever
 * `rows` asks.
 */
void		page_bind_language(const struct pages *pages, const struct page *page,
		    struct rows *rows);

/*
 * Is it one of :since, :now, :today, :then, :then_day, :chosen, that are the same for all rows of a
 * page?
 */
bool		page_is_clock(const char *name);

/* Check what the keys query gives and takes. */
bool		page_check_keys(struct page *page, struct mustache_error *why);

/*
 * Check every name in the template of language number `language` and every parameter of the other
 * queries.
 */
bool		page_check(struct pages *pages, struct page *page, size_t language,
		    struct mustache_error *why);

/* Does a name like “came.number” stand for another way to write a column? */
bool		page_is_written(const char *name, size_t length);

#endif
