// SPDX-License-Identifier: ISC
// site.mjs: what machines read of a site: sitemaps, robots.txt, the web manifest with its icons, the Atom feed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, run } from './lib.mjs';

const now = '2026-11-20T18:10', later = '2026-12-30T18:10', address = 'https://runs.example.org/Club';

/** All files below `folder`, as paths within it. */
function filesOf(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? filesOf(join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name]);
}

/** The texts of all elements `name` of `xml`. */
const textsOf = (xml, name) => [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text);

/** Whether a parser of Python's takes `file` for well-formed, with `root` (and its namespace) at the top. */
function isXml(file, root) {
	const read = 'import sys, xml.etree.ElementTree as tree; print(tree.parse(sys.argv[1]).getroot().tag)';
	return execFileSync('python3', ['-c', read, file], { encoding: 'utf8' }).trim() === root;
}

/** Width and height that a PNG says it has. */
function sizeOf(file) {
	const bytes = readFileSync(file);
	return bytes.subarray(1, 4).toString() === 'PNG' ? `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}` : 'no PNG';
}

function checkSitemap(site) {
	const pub = join(site, 'public'), read = (name) => readFileSync(join(pub, name), 'utf8');
	const below = (loc) => loc.slice(address.length + 1);
	const maps = textsOf(read('sitemap.xml'), 'loc');
	check('sitemap.xml is an index of sitemaps that are there, all of them', isXml(join(pub, 'sitemap.xml'), '{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex') &&
		maps.every((loc) => loc.startsWith(`${address}/sitemap/`)) && maps.map(below).sort().join() === filesOf(join(pub, 'sitemap')).map((name) => `sitemap/${name}`).sort().join(), maps);
	check('each is a well-formed list', maps.every((loc) => isXml(join(pub, below(loc)), '{http://www.sitemaps.org/schemas/sitemap/0.9}urlset')));
	const locs = maps.flatMap((loc) => textsOf(read(below(loc)), 'loc'));
	const wrong = locs.filter((loc) => !loc.startsWith(`${address}/`) || !existsSync(join(pub, below(loc), 'index.html')));
	check('each of its addresses is a page', locs.length > 100 && wrong.length === 0, wrong);
	check('none is there twice', new Set(locs).size === locs.length);
	const pages = filesOf(pub).filter((name) => /(^|\/)index\.html$/.test(name));
	const listed = pages.filter((name) => !read(name).includes('<meta name="robots" content="noindex">')).map((name) => `${address}/${name.replace(/index\.html$/, '')}`);
	const missing = listed.filter((loc) => !locs.includes(loc)), extra = locs.filter((loc) => !listed.includes(loc));
	check('every public page is in it but those marked noindex', missing.length === 0 && extra.length === 0, [missing.slice(0, 5), extra.slice(0, 5)]);
	check('marked are the pages of people and the ends of the form', pages.length - listed.length > 10 &&
		pages.filter((name) => !listed.includes(`${address}/${name.replace(/index\.html$/, '')}`)).every((name) => /^(people\/|R\/.)/.test(name)));
	check('a change is told by date and time', maps.flatMap((loc) => textsOf(read(below(loc)), 'lastmod')).every((text) =>
		/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text)));
	check('robots.txt names the sitemap and nothing that is secret', read('robots.txt') === `User-agent: *\nAllow: /\n\nSitemap: ${address}/sitemap.xml\n`, read('robots.txt'));
}

function checkManifest(site) {
	const pub = join(site, 'public'), manifest = JSON.parse(readFileSync(join(pub, 'site.webmanifest'), 'utf8'));
	check('the web manifest has the name of the club and what a phone wants', manifest.name === 'R & <B> "Club"' && manifest.start_url === './' &&
		manifest.display === 'minimal-ui' && manifest.theme_color === '#a8351b', manifest);
	for (const { src, sizes, type } of manifest.icons)
		check(`${src} is there, ${sizes}`, type === 'image/svg+xml' ? existsSync(join(pub, src)) : sizeOf(join(pub, src)) === sizes);
	check('one of them may be cut', manifest.icons.some(({ purpose }) => purpose === 'maskable'));
	const home = readFileSync(join(pub, 'index.html'), 'utf8');
	const links = Object.fromEntries([...home.matchAll(/<link rel="([a-z-]+)"[^>]* href="([^"]+)"/g)].map(([, rel, href]) => [rel, href]));
	check('pages lead to the manifest and an icon of 180 pixels', existsSync(join(pub, links.manifest)) && sizeOf(join(pub, links['apple-touch-icon'])) === '180x180', links);
	check('and to the feed', home.includes('<link rel="alternate" type="application/atom+xml" title="R &amp; &lt;B&gt; &quot;Club&quot;" href="feed.atom">'));
}

/** The entries of the feed of `site`, as text each; checked for what RFC 4287 wants. */
function readFeed(site) {
	const file = join(site, 'public', 'feed.atom'), xml = readFileSync(file, 'utf8'), [head, ...entries] = xml.split('<entry>');
	check('the feed is well-formed Atom', isXml(file, '{http://www.w3.org/2005/Atom}feed'));
	const one = (text, name) => textsOf(text, name).length === 1;
	const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;
	check('it has id, title, update, author, and a link to itself', ['id', 'title', 'updated', 'name'].every((name) => one(head, name)) &&
		head.includes(`<link rel="self" type="application/atom+xml" href="${address}/feed.atom"/>`) && stamp.test(textsOf(head, 'updated')[0]), head);
	check('each entry has id, title, update, summary, and a link', entries.every((entry) => ['id', 'title', 'updated', 'summary'].every((name) => one(entry, name)) &&
		stamp.test(textsOf(entry, 'updated')[0]) && entry.includes(`<link rel="alternate" type="text/html" href="${address}/runs/`)));
	const ids = entries.map((entry) => textsOf(entry, 'id')[0]);
	check('an id is a UUID, and nobody else\'s', new Set(ids).size === ids.length && ids.every((id) => /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)), ids[0]);
	const times = entries.map((entry) => Date.parse(textsOf(entry, 'updated')[0]));
	check('the newest comes first', times.every((time, i) => i === 0 || time <= times[i - 1]));
	return entries;
}

function checkFeed() {
	const folder = makeFolder(), call = caller(folder), site = join(folder, 'site');
	const turnout = (...words) => call([...words, '--now', now]);
	const publish = () => turnout('publish', '--site', site);
	turnout('init', '--name', 'R & <B> "Club"', '--zone', 'Europe/London', '--address', address);
	publish();
	check('a new club has a feed without entries', readFeed(site).length === 0);
	turnout('group', 'add', 'Social');
	for (const date of ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-27'])
		turnout('calendar', 'add', '--group', 'Social', '--date', date, '--start', '18:30', '--end', '19:30');
	call(['import', 'attendance', '-', '--person', 'who', '--group-name', 'Social', '--date', 'date', '--start', 'at', '--end', 'to', '--now', now],
		{ input: 'who,date,at,to\nAda,2026-11-18,18:30,19:30\nBo,2026-11-18,18:30,19:30\n' });
	publish();
	let entries = readFeed(site);
	check('what is over is in it, what is open or to come is not', entries.length === 2 && entries[0].includes('Thursday 19 November'), entries);
	check('with how many came', entries[1].includes('<summary>2 came</summary>'), entries[1]);
	const id = textsOf(entries[1], 'id')[0];
	turnout('calendar', 'cancel', '2026-11-27', '--reason', 'Ice & <snow>');
	publish();
	entries = readFeed(site);
	check('a cancelled run is in it at once, with its reason', entries.length === 3 && entries[0].includes('<title>Cancelled: Social, Friday 27 November 2026</title>') &&
		entries[0].includes('<summary>Ice &amp; &lt;snow&gt;</summary>') && entries[0].includes('<updated>2026-11-20T18:10:00+00:00</updated>'), entries[0]);
	turnout('calendar', 'restore', '2026-11-27');
	turnout('calendar', 'move', '2026-11-18', '--start', '19:00', '--end', '20:00');
	turnout('set', 'address', 'https://elsewhere.example.org');
	publish();
	const moved = readFileSync(join(site, 'public', 'feed.atom'), 'utf8');
	check('one that takes place after all is not', !moved.includes('27 November'));
	check('an entry keeps its id when its run or the site moves', moved.includes(id) && moved.includes('https://elsewhere.example.org/runs/2026-11-18/'));
}

/* A run keeps its zone when the club's is set to another, and so does a schedule; the foot of a page names the club's. */
function checkZones() {
	const folder = makeFolder(), call = caller(folder), turnout = (...words) => call([...words, '--now', now]);
	const lines = (name) => readFileSync(join(folder, 'site', name), 'utf8').split('\n');
	turnout('init', '--name', 'Moved', '--zone', 'Europe/London');
	turnout('group', 'add', 'Social');
	turnout('place', 'add', 'Pier');
	// The run of the 20th is open: 18:10 in Kolkata is 12:40 in London.
	for (const [zone, weekday, days] of [['Europe/London', 'tuesday', ['17 05:17', '20 12:20', '25 05:25']], ['Asia/Kolkata', 'wednesday', ['18 05:18', '26 05:26']]]) {
		turnout('set', 'zone', zone);
		turnout('calendar', 'add', '--group', 'Social', '--every', weekday, '--from', '2026-12-01', '--start', '07:30', '--place', 'Pier');
		for (const [day, start] of days.map((each) => each.split(' ')))
			turnout('calendar', 'add', '--group', 'Social', '--date', `2026-11-${day}`, '--start', start, '--title', `Number ${day}`, '--place', 'Pier');
	}
	writeFileSync(join(folder, 'came.csv'), 'name,group,date,start,title\nAda,Social,2026-11-17,05:17,Number 17\nAda,Social,2026-11-18,05:18,Number 18\n');
	turnout('import', 'attendance', 'came.csv', '--person', 'name', '--group', 'group', '--date', 'date', '--start', 'start', '--title', 'title');
	const own = new URL(turnout('person', 'link', 'Ada', '--json').json.page).pathname.slice(1);
	turnout('publish');
	const near = (name, text) => { const all = lines(name), at = all.findIndex((line) => line.includes(text)); return all.slice(at, at + 2).join(); };
	for (const [name, days] of [['public/index.html', ['17']], ['public/groups/social/index.html', ['17', '25']], ['public/places/pier/index.html', ['17', '25']],
		['public/places/index.html', ['20']], ['public/R/already/index.html', ['20']], [`private/${own}index.html`, ['17', '25']],
		['public/calendar/2026-11/index.html', ['17', '25']], ['public/history/2026-11/index.html', ['17']], ['public/groups/social/2026/index.html', ['17']]]) {
		check(`${name.replace(own, '')} names the zone of a run that is not in the club's, and no other`, days.every((day) => near(name, `Number ${day}`).includes('Europe/London')) &&
			!near(name, 'Number 18').includes('Asia/Kolkata') && lines(name).some((line) => line.includes('Times are local (Asia/Kolkata)')), days.map((day) => near(name, `Number ${day}`)));
	}
	check('groups/index.html names that of the next run', near('public/groups/index.html', 'Next:').includes('12:20 <bdi>Europe/London</bdi>'), near('public/groups/index.html', 'Next:'));
	for (const name of ['index.html', 'groups/index.html', 'groups/social/index.html', 'places/pier/index.html']) {
		const at = ['very Tuesday', 'very Wednesday'].map((text) => near(`public/${name}`, text));
		check(`${name} names the zone of a schedule that is not in the club's, and no other`, at[0].includes('Europe/London') &&
			at.every((text) => !text.includes('Asia/Kolkata')), at);
	}
}

/* Before and after a run there may be another of its group on the same day: the date alone would be that of the page. */
function checkDay() {
	const folder = makeFolder(), call = caller(folder), turnout = (...words) => call([...words, '--now', now]);
	turnout('init', '--name', 'Day', '--zone', 'Europe/London');
	turnout('group', 'add', 'Council');
	for (const [date, start] of [['23', '09:30'], ['24', '09:30'], ['24', '13:00'], ['24', '18:00']])
		turnout('calendar', 'add', '--group', 'Council', '--date', `2026-11-${date}`, '--start', start);
	turnout('publish');
	const page = readFileSync(join(folder, 'site/public/runs/2026-11-24/council-0930/index.html'), 'utf8');
	const [, before, after] = /rel="prev"[^>]*>([^<]*)<[^]*rel="next"[^>]*>([^<]*)</.exec(page);
	check('the next run of the day has its time, one of another day its date', before === 'Mon 23 Nov' && after === 'Tue 24 Nov, 13:00', [before, after]);
	const last = readFileSync(join(folder, 'site/public/runs/2026-11-24/council-1800/index.html'), 'utf8');
	check('and so has the one before', last.includes('>Tue 24 Nov, 13:00</a>') && !last.includes('rel="next"'));
}

run(() => {
	const folder = makeFolder(), call = caller(folder), site = join(folder, 'site');
	call(['init', '--demo', '--name', 'R & <B> "Club"', '--address', address, '--zone', 'Europe/London', '--now', now]);
	call(['publish', '--site', site, '--now', now]);
	checkSitemap(site);
	checkManifest(site);
	check('the feed of a club with a past has fifty entries', readFeed(site).length === 50);
	const past = () => readFileSync(join(site, 'public/sitemap/2025.xml'), 'utf8');
	const before = past();
	call(['publish', '--full', '--site', site, '--now', later]);
	check('a later build says no other times of what did not change', past() === before);
	checkSitemap(site);
	checkFeed();
	checkZones();
	checkDay();
});
