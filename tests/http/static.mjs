// SPDX-License-Identifier: ISC
// static.mjs: turnoutd serves the pages that the generator made, and nothing else.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { atEnd } from '../checks.mjs';
import { ask, build, check, makeClub, makeFolder, makeRun, run, start, turnout } from './lib.mjs';

const templates = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'templates');

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const open = makeRun(db, 'Open Group', -5, 60);
	const publish = () => turnout('publish', '--db', db, '--site', site, '--templates', templates);
	const server = await start(db, site);
	const { port } = server;
	const get = (path, headers = {}) => ask(port, 'GET', path, headers);
	const file = (path) => join(site, path);
	const bytes = (path) => readFileSync(file(path), 'latin1');

	const early = await get('/health/ready');
	check('before the first publish it is not ready, and says that the site is missing', early.status === 503 && JSON.parse(early.body).site === false, early.body);
	check('before the first publish there is no home page', (await get('/')).status === 404);
	turnout('person', 'add', 'Ada Lovelace', '--db', db);
	const own = new URL(turnout('person', 'link', 'Ada Lovelace', '--db', db).trim()).pathname;
	publish();
	const ready = await get('/health/ready');
	check('after the first publish it is ready without a restart', ready.status === 200 && JSON.parse(ready.body).status === 'ready', ready.body);

	const home = await get('/');
	check('the home page is the generated file', home.status === 200 && home.body === bytes('public/index.html'), home.status);
	check('a page must be asked for again each time', home.headers['cache-control'][0] === 'no-cache');
	const etag = home.headers.etag[0];
	check('a page has a strong ETag', /^"[0-9a-f]{32}"$/.test(etag), etag);
	for (const known of [etag, `W/${etag}`, `"x", ${etag}`, `"x",W/"y" , W/${etag}`, '*']) {
		const answer = await get('/', { 'If-None-Match': known });
		check(`If-None-Match ${known.replaceAll(etag, 'ETAG')} is answered with 304 and no body`, answer.status === 304 && answer.body === '' &&
			answer.headers.etag[0] === etag && answer.headers['content-length'] === undefined, answer.text);
	}
	for (const unknown of ['"x"', etag.slice(1, -1), etag.slice(0, -1), 'W/"x"', '']) {
		const answer = await get('/', { 'If-None-Match': unknown });
		check(`If-None-Match ${JSON.stringify(unknown.slice(0, 5))}… of another kind is answered with the page`, answer.status === 200, answer.status);
	}
	const packed = await get('/', { 'Accept-Encoding': 'gzip' });
	check('a browser that takes gzip gets the same page packed', packed.headers['content-encoding'][0] === 'gzip' &&
		gunzipSync(Buffer.from(packed.body, 'latin1')).toString('latin1') === home.body, packed.status);
	check('the packed page has an ETag of its own, and caches are told why', packed.headers.etag[0] === `${etag.slice(0, -1)}-gz"` &&
		packed.headers.vary[0] === 'Accept-Encoding' && home.headers.vary[0] === 'Accept-Encoding', packed.headers.etag[0]);
	check('the packed page is answered with 304 when it is known',
		(await get('/', { 'Accept-Encoding': 'gzip', 'If-None-Match': packed.headers.etag[0] })).status === 304);
	let onTheWay = 0;
	for (const path of ['/R/', '/assets/style.css', '/assets/form.js', '/assets/icon.svg'])
		onTheWay += (await get(path, { 'Accept-Encoding': 'gzip' })).body.length;
	check('the form with style and script is at most 14 kB on the way', onTheWay > 4000 && onTheWay <= 14336, onTheWay);

	const head = await ask(port, 'HEAD', '/');
	check('HEAD has the headers of GET and no body', head.status === 200 && head.body === '' && head.headers.etag[0] === etag &&
		Number(head.headers['content-length'][0]) === home.body.length, head.text);
	check('a query does not change the page', (await get('/?utm_source=x&a=../b')).body === home.body);

	const session = open.session_id, screen = new URL(open.screen).pathname;
	const runPath = JSON.parse((await get(`/api/qr/validate/${session}`)).body).run.address;
	const answers = [
		[`/${runPath}`, `public/${runPath}index.html`, 'text/html; charset=utf-8'],
		['/assets/style.css', 'public/assets/style.css', 'text/css; charset=utf-8'],
		['/assets/form.js', 'public/assets/form.js', 'text/javascript; charset=utf-8'],
		['/assets/icon.svg', 'public/assets/icon.svg', 'image/svg+xml'],
		['/calendar.ics', 'public/calendar.ics', 'text/calendar; charset=utf-8'],
		['/api/calendar', 'public/api/calendar.json', 'application/json; charset=utf-8'],
		['/api/calendar/today', 'public/api/calendar/today.json', 'application/json; charset=utf-8'],
		['/api/attendance/today', 'public/api/attendance/today.json', 'application/json; charset=utf-8'],
		[`/api/qr/${session}`, `public/qr/${session}.png`, 'image/png'],
		['/feed.atom', 'public/feed.atom', 'application/atom+xml; charset=utf-8'],
		['/sitemap.xml', 'public/sitemap.xml', 'application/xml; charset=utf-8'],
		['/robots.txt', 'public/robots.txt', 'text/plain; charset=utf-8'],
		['/site.webmanifest', 'public/site.webmanifest', 'application/manifest+json'],
		['/assets/apple-touch-icon.png', 'public/assets/apple-touch-icon.png', 'image/png'],
		[screen, `private${screen}index.html`, 'text/html; charset=utf-8'],
		[own, `private${own}index.html`, 'text/html; charset=utf-8'],
		[`${own}attendance.csv`, `private${own}attendance.csv`, 'text/csv; charset=utf-8'],
		[`${own}attendance.json`, `private${own}attendance.json`, 'application/json; charset=utf-8'],
		[`${own}calendar.ics`, `private${own}calendar.ics`, 'text/calendar; charset=utf-8'],
	];
	for (const [path, name, type] of answers) {
		const answer = await get(path);
		const is_secret = path === screen || path.startsWith(own);
		const shown = path.replace(screen, '/screen/…/').replace(own, '/person/…/');
		check(`${shown} is ${name.replace(screen, '/screen/…/').replace(own, '/person/…/')}, as ${type}`, answer.status === 200 && answer.body === bytes(name) &&
			answer.headers['content-type'][0] === type, [answer.status, answer.headers['content-type']]);
		check(`${shown} is protected as every answer is`, answer.headers['x-content-type-options'][0] === 'nosniff' &&
			answer.headers['referrer-policy'][0] === (is_secret ? 'no-referrer' : 'same-origin') && answer.headers.connection[0] === 'close' &&
			answer.headers['content-security-policy'][0].includes("default-src 'none'; script-src 'self'"));
		if (is_secret)
			check(`${shown} is kept by no shared cache and listed by no search engine`, answer.headers['cache-control'][0] === 'private, no-cache' &&
				answer.headers['x-robots-tag'][0] === 'noindex', answer.headers);
	}
	check('a public page may be listed', home.headers['x-robots-tag'] === undefined);
	const moved = await get(`/${runPath.slice(0, -1)}`);
	check('a folder without its slash leads to the one with it, relative', moved.status === 301 &&
		moved.headers.location[0] === `${runPath.split('/').at(-2)}/`, moved.text);
	const noRun = await get('/api/qr/ZZZZZZZZZZ');
	check('the QR of no run is 404 run_unknown in JSON', noRun.status === 404 && JSON.parse(noRun.body).code === 'run_unknown', noRun.text);
	const missing = await get('/no/such/page');
	check('what is not there is 404 with the site\'s own page', missing.status === 404 && missing.body === bytes('public/404.html'), missing.text);
	const missingApi = await get('/api/nothing');
	check('below /api/ it is 404 in JSON', missingApi.status === 404 && JSON.parse(missingApi.body).code === 'not_found', missingApi.text);
	for (const path of ['/manifest.db', '/public/index.html', `/private${screen}`, '/screen/', '/screen', '/.git/config', '/club.db',
		'/person/', '/person', `/private${own}`, own.replace(/.\/$/, (end) => (end[0] === '0' ? '1/' : '0/')),
		screen.replace(/.\/$/, (end) => (end[0] === '0' ? '1/' : '0/')), screen.toLowerCase(), '/INDEX.HTML', '/index.htm'])
		check(`${path.length > 30 ? 'a secret address that is not quite right' : path} is 404`, (await get(path)).status === 404);

	writeFileSync(file('public/stray.html'), 'nobody made this');
	check('a stray file in the site is not served', (await get('/stray.html')).status === 404);
	const css = file('public/assets/style.css');
	renameSync(css, `${css}.kept`);
	symlinkSync('/etc/passwd', css);
	check('a symbolic link in place of a file is not followed', (await get('/assets/style.css')).status === 404);
	rmSync(css);
	symlinkSync('style.css.kept', css);
	check('not even within the site', (await get('/assets/style.css')).status === 404);
	rmSync(css);
	execFileSync('mkfifo', [css]);
	check('a pipe in place of a file does not hang it', (await get('/assets/style.css')).status === 404);
	rmSync(css);
	mkdirSync(css);
	check('a folder in place of a file is not listed', (await get('/assets/style.css')).status === 404);
	rmSync(css, { recursive: true });
	renameSync(file('public/assets'), file('public/kept'));
	symlinkSync('kept', file('public/assets'));
	check('a symbolic link in place of a folder is not followed', (await get('/assets/form.js')).status === 404);
	rmSync(file('public/assets'));
	renameSync(file('public/kept'), file('public/assets'));
	renameSync(`${css}.kept`, css);
	check('put back, it is served again', (await get('/assets/style.css')).status === 200);

	const text = bytes('public/index.html');
	writeFileSync(file('public/index.html'), text.replace(/<\/html>/i, '</HTML>'), 'latin1');
	const changed = await get('/', { 'If-None-Match': etag });
	check('a change of the same length within the same second has another ETag', changed.status === 200 && changed.headers.etag[0] !== etag, changed.status);

	rmSync(site, { recursive: true });
	check('with the site deleted pages are 404', (await get('/')).status === 404);
	publish();
	check('and are back after the next publish, without a restart', (await get('/')).body === bytes('public/index.html'));

	const watch = spawn(join(build, 'turnout'), ['watch', '--db', db, '--site', site, '--templates', templates], { stdio: 'ignore' });
	const ended = new Promise((done) => watch.on('exit', done));
	atEnd(() => { watch.kill(); return ended; });
	const until = async (holds) => {
		for (const end = Date.now() + 20000; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
			if (await holds())
				return true;
		return false;
	};
	const isPublished = (name) => async () => {
		const { status, body } = await get('/');
		return status === 200 && body.includes(name);
	};
	turnout('set', 'name', 'First Name', '--db', db);
	check('turnout watch follows a change', await until(isPublished('First Name')));
	renameSync(site, `${site}.gone`);	// in one step: it may still be writing there
	turnout('set', 'name', 'Second Name', '--db', db);
	check('with the site taken away under it, it makes another', await until(isPublished('Second Name')));
	rmSync(file('manifest.db'));
	turnout('set', 'name', 'Third Name', '--db', db);
	check('and with the manifest alone deleted', await until(isPublished('Third Name')));
	renameSync(db, `${db}.old`);
	execFileSync('cp', [`${db}.old`, db]);
	turnout('set', 'name', 'Fourth Name', '--db', db);
	check('and where another database has taken the place', await until(isPublished('Fourth Name')));
	for (const code of ['ok', 'already', 'code_unknown', 'not_open_yet', 'closed', 'cancelled', 'name_bad', 'bad_request', 'slow_down', 'server'])
		check(`there is a page for forms that end with ${code}`, (await get(`/R/${code}/`)).status === 200);
	check('the log keeps secret addresses to itself', server.log.includes('/screen/…') && !server.log.includes(screen) &&
		server.log.includes('/person/…') && !server.log.includes(own));
	const { code } = await server.stop('SIGINT');
	check('SIGINT ends it with 0', code === 0, code);
});
