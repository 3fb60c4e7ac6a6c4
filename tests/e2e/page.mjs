// What a person does with the player page: keys, menus, the seek bar, another engine, a wrong address.
// `check(name, good, detail)` notes one result; `until(page, condition, ...values)` waits for a state.

async function open(browser, url, query) {
  const page = await browser.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    // A file that may be absent is asked for and its 404 is no fault; Chromium writes it to the console all the same.
    if (message.type() === "error" && !/status of 404/.test(message.text())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  await page.goto(`${url}?muted=1${query}`);
  return page;
}

const settled = () => window.player?.ready || !document.getElementById("notice").hidden;

async function keys(page, check, until) {
  await page.keyboard.press("k");
  check("page: K plays", await until(page, () => !video.paused && video.currentTime > 0.2));
  await page.keyboard.press("k");
  check("page: K pauses", await until(page, () => video.paused));
  await page.keyboard.press("5");
  check("page: 5 goes to the middle", await until(page, () => Math.abs(video.currentTime - video.duration / 2) < 0.1));
  await page.keyboard.press("ArrowLeft");
  check("page: the left arrow goes back five seconds", await until(page, () => Math.abs(video.currentTime - (video.duration / 2 - 5)) < 0.1));
  await page.keyboard.press("m");
  check("page: M gives the sound back", await until(page, () => !video.muted));
  await page.keyboard.press("m");
}

async function names(page, check) {
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, [role=menuitemradio], video + button")]
    .filter((each) => !each.closest("[hidden]"))
    .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim() || each.closest("label")?.textContent.trim()))
    .map((each) => each.outerHTML.slice(0, 80)));
  check("page: every control has a name", nameless.length === 0, nameless.join(" "));
  const value = await page.$eval("#position", (slider) => slider.getAttribute("aria-valuetext"));
  check("page: the seek bar tells the time in words", /^\d+:\d\d of \d+:\d\d$/.test(value), value);
}

async function quality_menu(page, check, until) {
  const button = '[data-menu="quality"] > button';
  const expanded = () => page.$eval(button, (each) => each.getAttribute("aria-expanded"));
  await page.focus(button);
  await page.keyboard.press("Enter");
  const inside = await page.evaluate(() => document.activeElement.getAttribute("role"));
  check("page: Enter opens the quality menu and goes into it", (await expanded()) === "true" && inside === "menuitemradio", String(inside));
  await page.keyboard.press("Escape");
  const back = await page.evaluate((selector) => document.activeElement === document.querySelector(selector), button);
  check("page: Escape closes it and goes back to the button", (await expanded()) === "false" && back);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const largest = await page.evaluate(() => window.player.renditions.at(-1).id);
  check("page: the first entry is the largest rendition and stays chosen", await until(page, (id) => window.player.quality === id, largest));
  const marked = await page.$$eval('[data-menu="quality"] [aria-checked="true"]', (entries) => entries.length);
  check("page: one entry is marked", marked === 1, String(marked));
}

async function seek_preview(page, check, until) {
  if (!(await until(page, () => window.player.thumbnails.length > 0))) return check("page: seek pictures are found", false);
  const box = await (await page.$("#seek")).boundingBox();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
  const shown = await until(page, () => !document.getElementById("preview").hidden && !document.getElementById("preview-picture").hidden
    && document.getElementById("preview-picture").style.backgroundImage.includes("/thumbnails/"));
  check("page: the seek bar shows a picture under the pointer", shown);
  const loaded = await page.evaluate(async () => {
    const picture = new Image();
    picture.src = window.player.thumbnails[0].url;
    await picture.decode();
    const cue = window.player.thumbnails.at(-1);
    return picture.naturalWidth >= cue.x + cue.width && picture.naturalHeight >= cue.y + cue.height;
  });
  check("page: the last picture lies inside its sheet", loaded);
}

async function sound_tracks(page, check, until) {
  const tracks = await page.evaluate(() => window.player.audioTracks);
  const labels = new Set(tracks.map((track) => track.label));
  check("page: sound tracks have names of their own", tracks.length > 1 && labels.size === tracks.length, JSON.stringify(tracks));
  for (const { id } of [...tracks].reverse()) {
    await page.evaluate((one) => { window.player.setAudio(one); video.play(); }, id);
    const before = await page.evaluate(() => video.currentTime);
    const plays = await until(page, (one, time) => window.player.audio === one && Math.abs(video.currentTime - time) > 0.2, id, before);
    check(`page: plays sound track ${id}`, plays);
  }
}

async function change_engine(page, check, until) {
  await page.evaluate(() => { video.currentTime = 4; video.pause(); });
  for (const engine of ["shaka", "dash", "hls"]) {
    await page.$eval(`#engines input[value="${engine}"]`, (input) => input.click());
    const kept = await until(page, (name) => window.player.engine === name && video.readyState >= 2 && !video.seeking && Math.abs(video.currentTime - 4) < 0.6, engine);
    check(`page: ${engine} goes on where another engine was`, kept, JSON.stringify(await page.evaluate(() => window.player.stats)));
  }
}

async function native_playback(browser, url, check, until) {
  const page = await open(browser, url, "&engine=native");
  await page.waitForFunction(settled);
  if ((await page.evaluate(() => window.player.engine)) === "native") {
    await page.evaluate(() => video.play());
    check("native: plays", await until(page, () => video.currentTime > 1));
    const { dropped, total } = await page.evaluate(() => window.player.stats);
    check("native: shows more frames than it drops", dropped < total - dropped, `${dropped} of ${total}`);
  }
  await page.close();
}

async function wrong_sources(browser, url, check, until) {
  for (const [source, title] of [["/absent/master.m3u8", "Nothing to play"], ["//elsewhere.invalid/master.m3u8", "Not from here"]]) {
    const page = await open(browser, url, `&src=${encodeURIComponent(source)}`);
    const told = await until(page, (text) => document.getElementById("notice-title").textContent === text, title);
    check(`page: says "${title}" for ${source}`, told);
    await page.close();
  }
}

export async function check_page(browser, url, check, until) {
  const page = await open(browser, url, "&engine=hls");
  await page.waitForFunction(settled, { timeout: 120000 });
  await keys(page, check, until);
  await names(page, check);
  await quality_menu(page, check, until);
  await seek_preview(page, check, until);
  await sound_tracks(page, check, until);
  await change_engine(page, check, until);
  check("page: the browser has nothing to complain of", page.complaints.length === 0, page.complaints.join(" | "));
  await page.close();
  await native_playback(browser, url, check, until);
  await wrong_sources(browser, url, check, until);
}
