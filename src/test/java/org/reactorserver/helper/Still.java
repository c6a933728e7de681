package org.reactorserver.helper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.reactorserver.load.text.Json;

/** What the page shows in a browser, as an SVG in the colours of day and of night. */
public final class Still {
    private static final String COLOURS = "JSON.stringify(Object.fromEntries([...document.styleSheets[0].cssRules]"
            + ".find((rule) => rule.selectorText === ':root').style.cssText.match(/--[a-z-]+/g)"
            + ".map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue(name).trim()])))";

    private Still() {}

    /**
     * Makes it.
     *
     * @param title what it shows, for who does not see it
     * @param width of the window, in pixels
     * @param ids what is drawn, by its ids
     */
    public static String of(Chromium browser, String title, int width, String... ids) throws Exception {
        browser.size(width, 900, true);
        Map<String, Object> themes = new TreeMap<>();
        themes.put("dark", Json.read(browser.ask(COLOURS)));
        browser.size(width, 900, false);
        themes.put("light", Json.read(browser.ask(COLOURS)));
        browser.await("document.getAnimations().length === 0");
        String all = "['" + String.join("','", ids) + "']";
        return browser.ask("(" + script() + ")(" + all + "," + Json.write(themes) + "," + Json.write(title) + ")");
    }

    private static String script() throws IOException {
        try (InputStream in = Still.class.getResourceAsStream("still.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
