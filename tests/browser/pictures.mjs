// SPDX-License-Identifier: ISC
// pictures.mjs [NAME …]: every kind of page of the demo club at one fixed moment, on a phone and a laptop, light, dark and printed, and in other
// languages, into build/pictures/; the two pictures of the README; the icons in templates/assets/. Each NAME takes the pictures whose names
// begin with it, and no others: `home`, `report-year-1280-de`, `doc` (the README's), `icon`. Eight are taken side by side,
// as most of the time of each is waiting for silence. The site is read from its folder: no server, no clock but `now`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { build, check, kindsOfPage, makeFolder, openBrowser, root, run, turnout } from './lib.mjs';

// The code that is published at `now` is on the screen for 15 seconds.
const now = ['--now', '2026-11-20T18:31'], moment = new Date('2026-11-20T18:31:05Z');
const origin = 'https://runs.example.org';
const wanted = process.argv.slice(2), side_by_side = 8;
let taken = 0;
const isWanted = ([name]) => wanted.length === 0 || wanted.some((start) => name.startsWith(start));
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

/** A chunk of a PNG: its length, type, data and checksum (PNG, 5.3 and annex D). */
function chunk(type, data) {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), ends = Buffer.alloc(8);
	let crc = 0xffffffff;
	for (const byte of body) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++)
			crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	ends.writeUInt32BE(data.length, 0);
	ends.writeUInt32BE(~crc >>> 0, 4);
	return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/**
 * The picture `png` with a palette of its 256 most frequent colours, which for a page is a third of the bytes; others become the nearest.
 * Chromium unpacks it.
 */
async function withPalette(browser, png) {
	const page = await browser.newPage();
	const { width, height, palette, rows } = await page.evaluate(async (source) => {
		const bitmap = await createImageBitmap(await (await fetch(source)).blob()), { width, height } = bitmap;
		const context = new OffscreenCanvas(width, height).getContext('2d'), counts = new Map();
		context.drawImage(bitmap, 0, 0);
		const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);	// 0xAABBGGRR
		for (const pixel of pixels)
			counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
		const palette = [...counts].sort(([, one], [, other]) => other - one).slice(0, 256).map(([pixel]) => pixel);
		const distance = (one, other) => [0, 8, 16].reduce((sum, bits) => sum + ((one >> bits & 255) - (other >> bits & 255)) ** 2, 0);
		const places = new Map([...counts.keys()].map((pixel) =>
			[pixel, palette.reduce((best, each, i) => distance(pixel, each) < distance(pixel, palette[best]) ? i : best, 0)]));
		return { width, height, palette, rows: Array.from({ length: height }, (_, y) =>
			String.fromCharCode(0, ...pixels.subarray(y * width, (y + 1) * width).map((pixel) => places.get(pixel)))) };	// 0: no filter
	}, `data:image/png;base64,${png.toString('base64')}`);
	await page.close();
	const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);		// 8 bits a pixel, by palette
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	return Buffer.concat([png.subarray(0, 8), chunk('IHDR', head),
		chunk('PLTE', Buffer.from(palette.flatMap((pixel) => [pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255]))),
		chunk('IDAT', deflateSync(Buffer.from(rows.join(''), 'latin1'), { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** The icon at the sizes that phones want; where they cut its edge themselves it has no corners of its own. */
async function takeIcons(browser) {
	const svg = readFileSync(join(root, 'templates', 'assets', 'icon.svg'), 'utf8');
	const icons = { 'icon-192': [192, 'none'], 'icon-512': [512, 'none'], 'icon-maskable': [512, '#a8351b'], 'apple-touch-icon': [180, '#a8351b'] };
	for (const [name, [size, background]] of Object.entries(icons).filter(isWanted)) {
		const page = await browser.newPage({ viewport: { width: size, height: size } });
		await page.setContent(`<body style="margin: 0; background: ${background}">${svg}</body>`);
		await page.screenshot({ path: join(root, 'templates', 'assets', `${name}.png`), omitBackground: true });
		await page.close();
		taken++;
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

	async function take(name, path, { width, height, colorScheme = 'light', media = 'screen', fullPage = true }) {
		const context = await browser.newContext({ viewport: { width, height }, colorScheme, hasTouch: width < 800, locale: 'en-GB' });
		await serve(context, site);
		const page = await context.newPage();
		await page.emulateMedia({ media });
		await page.goto(`${origin}/${path}`, { waitUntil: 'networkidle' });
		await page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: 'disabled' });
		await context.close();
		taken++;
	}

	/** Take what is wanted of `list`, of the site in `language`. */
	async function takeAll(language, list) {
		const left = list.filter(isWanted);
		if (left.length === 0)
			return;
		turnout('set', 'language', language, '--db', db);
		turnout('publish', '--db', db, '--site', site, ...now);
		await Promise.all(Array.from({ length: side_by_side }, async () => {
			for (let next = left.shift(); next !== undefined; next = left.shift())
				await take(...next);
		}));
	}

	const phone = { width: 390, height: 844 }, laptop = { width: 1280, height: 800 };
	const eachPage = (kinds) => Object.entries(pages).flatMap(([name, path]) => kinds.map(([kind, how]) => [`${name}-${kind}`, path, how]));
	await takeIcons(browser);
	await takeAll('en', eachPage([...['light', 'dark'].flatMap((colorScheme) => [[`390-${colorScheme}`, { ...phone, colorScheme }], [`1280-${colorScheme}`, { ...laptop, colorScheme }]]),
		['print', { width: 690, height: 1000, media: 'print' }]]));		// A4 less its margins, 96 dots an inch
	// In other languages: the longest words, the other direction, and one that nobody speaks, as `turnout set language` has it.
	for (const language of ['de', 'ar', 'zh', 'qps'])
		await takeAll(language, eachPage([[`390-${language}`, phone], [`1280-${language}`, laptop]]));
	const shown = [['doc-screen', pages.screen, { ...laptop, fullPage: false }], ['doc-run', pages['run-past'], laptop]];
	await takeAll('en', shown);
	mkdirSync(join(root, 'doc'), { recursive: true });
	for (const [name] of shown.filter(isWanted)) {
		const file = `${name.replace('-', '/')}.png`;
		writeFileSync(join(root, file), await withPalette(browser, readFileSync(join(pictures, `${name}.png`))));
		const { size } = statSync(join(root, file));
		check(`${file} is taken, and smaller than 80 kB`, size > 10000 && size < 80000, size);
	}
	check(`${taken} pictures were taken`, taken > 0, wanted);
});
