// SPDX-License-Identifier: ISC
// pictures.mjs: every kind of page of the demo club at one fixed moment, on a phone and a laptop, light, dark and printed, into
// build/pictures/; the two pictures of the README; the icons in templates/assets/. The site is read from its folder: no server, no clock but
// `now`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build, check, kindsOfPage, makeFolder, openBrowser, root, run, turnout } from './lib.mjs';

const now = ['--now', '2026-11-20T18:31'], moment = new Date('2026-11-20T18:31:20Z');
const origin = 'https://runs.example.org';
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png' };

/** Serve the files of `site` to the pages of `context`, as a server whose clock stands at `moment`. */
async function serve(context, site) {
	await context.clock.setFixedTime(moment);
	await context.route('**/*', (route) => {
		const path = new URL(route.request().url()).pathname.replace(/\/$/, '/index.html');
		const file = ['public', 'private'].map((part) => join(site, part, path)).find(existsSync);
		return file ? route.fulfill({ body: readFileSync(file), contentType: types[extname(file)], headers: { Date: moment.toUTCString() } })
			: route.fulfill({ status: 404, body: '{}' });
	});
}

/** The icon at the sizes that phones want; where they cut its edge themselves it has no corners of its own. */
async function takeIcons(browser) {
	const svg = readFileSync(join(root, 'templates', 'assets', 'icon.svg'), 'utf8');
	const icons = { 'icon-192': [192, 'none'], 'icon-512': [512, 'none'], 'icon-maskable': [512, '#a8351b'], 'apple-touch-icon': [180, '#a8351b'] };
	for (const [name, [size, background]] of Object.entries(icons)) {
		const page = await browser.newPage({ viewport: { width: size, height: size } });
		await page.setContent(`<body style="margin: 0; background: ${background}">${svg}</body>`);
		await page.screenshot({ path: join(root, 'templates', 'assets', `${name}.png`), omitBackground: true });
		await page.close();
	}
}

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site'), pictures = join(build, 'pictures');
	turnout('init', '--demo', '--db', db, '--address', origin, ...now);
	// Codes and addresses are random; a picture must not change with them.
	execFileSync('sqlite3', [db, "UPDATE run SET key = CAST(printf('%032d', id) AS BLOB), session = printf('%010d', id), capability = printf('%026d', id)"]);
	turnout('publish', '--db', db, '--site', site, ...now);
	mkdirSync(pictures, { recursive: true });
	const pages = kindsOfPage(db, site, ...now);
	const browser = await openBrowser();
	if (!browser)
		return;

	async function take(name, path, { width, height, colorScheme = 'light', media = 'screen', fullPage = true, scale = 1 }) {
		const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: scale, hasTouch: width < 800, locale: 'en-GB' });
		await serve(context, site);
		const page = await context.newPage();
		await page.emulateMedia({ media });
		await page.goto(`${origin}/${path}`, { waitUntil: 'networkidle' });
		await page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: 'disabled' });
		await context.close();
	}

	await takeIcons(browser);
	for (const [name, path] of Object.entries(pages)) {
		for (const colorScheme of ['light', 'dark']) {
			await take(`${name}-390-${colorScheme}`, path, { width: 390, height: 844, colorScheme });
			await take(`${name}-1280-${colorScheme}`, path, { width: 1280, height: 800, colorScheme });
		}
		await take(`${name}-print`, path, { width: 690, height: 1000, media: 'print' });		// A4 less its margins, 96 dots an inch
	}
	// In other languages: the longest words, the other direction, and one that nobody speaks, as `turnout set language` has it.
	for (const language of ['de', 'ar', 'zh', 'qps']) {
		turnout('set', 'language', language, '--db', db);
		turnout('publish', '--db', db, '--site', site, ...now);
		for (const [name, path] of Object.entries(pages)) {
			await take(`${name}-390-${language}`, path, { width: 390, height: 844 });
			await take(`${name}-1280-${language}`, path, { width: 1280, height: 800 });
		}
	}
	turnout('set', 'language', 'en', '--db', db);
	turnout('publish', '--db', db, '--site', site, ...now);
	await take('screen', pages.screen, { width: 1280, height: 800, fullPage: false });
	await take('run', pages['run-past'], { width: 1280, height: 800 });
	mkdirSync(join(root, 'doc'), { recursive: true });
	for (const name of ['screen', 'run']) {
		copyFileSync(join(pictures, `${name}.png`), join(root, 'doc', `${name}.png`));
		const { size } = statSync(join(root, 'doc', `${name}.png`));
		check(`doc/${name}.png is taken, and smaller than 150 kB`, size > 10000 && size < 150000, size);
	}
});
