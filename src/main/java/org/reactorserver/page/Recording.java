package org.reactorserver.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.reactorserver.PauseReason;
import org.reactorserver.text.JsonText;

/** The page: as the server shows it, and with what has happened in it, as one file that needs no server. Any thread. */
final class Recording {
    static final String STYLE = "page.css";
    static final List<String> SCRIPTS = List.of("texts.js", "model.js", "draw.js", "tour.js", "page.js");

    /** The policy of the page as the server shows it: nothing but its own files. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String JAR = "reactor-server.jar";

    private Recording() {}

    /** A file of the page's. */
    static String resource(String name) {
        try (InputStream in = Recording.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** The page as the server shows it. */
    static String live() {
        StringBuilder head = new StringBuilder("<link rel=\"stylesheet\" href=\"/page/" + STYLE + "\">");
        for (String script : SCRIPTS) {
            head.append("\n<script defer src=\"/page/").append(script).append("\"></script>");
        }
        return page(head.toString(), jar(System.getProperty("java.class.path")), "");
    }

    /** The page with what is kept. */
    static String replay(Reel.Cut cut, boolean texts) {
        String style = resource(STYLE);
        StringJoiner hashes = new StringJoiner(" ");
        StringBuilder scripts = new StringBuilder();
        for (String name : SCRIPTS) {
            String script = resource(name);
            hashes.add(hash(script));
            scripts.append("<script>").append(script).append("</script>\n");
        }
        String policy = "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src " + hashes;
        String head = "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n<style>" + style
                + "</style>";
        StringBuilder data =
                new StringBuilder("{\"left_out\":").append(cut.leftOut()).append(",\"frames\":[");
        String before = "\n";
        for (Frame frame : cut.frames()) {
            data.append(before).append(frame.line(texts));
            before = ",\n";
        }
        return page(head, JAR, block("recording", data.append("\n]}").toString()) + scripts);
    }

    private static String page(String head, String jar, String tail) {
        return resource("page.html")
                .replace("<!--head-->", head)
                .replace("<!--tail-->", block("words", words(jar)) + tail);
    }

    /** What is data and no script, in whatever it says; {@code <} is in strings only. */
    private static String block(String id, String json) {
        return "<script type=\"application/json\" id=\"" + id + "\">" + json.replace("<", "\\u003c") + "</script>\n";
    }

    /** The jar that was named at the start, so that what the page says can be typed as it stands. */
    static String jar(String classPath) {
        return classPath.matches("[^:;]*[.]jar") ? classPath : JAR;
    }

    private static String hash(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(bytes) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** The sentences on everything that can happen, why a session is not read, and how the server was started. */
    static String words(String jar) {
        StringBuilder out = new StringBuilder("{\"jar\":");
        JsonText.append(out, jar);
        out.append(",\n\"pauses\":{");
        String before = "";
        for (PauseReason reason : PauseReason.values()) {
            out.append(before).append('"').append(reason.name()).append("\":");
            JsonText.append(out, reason.toString());
            before = ",";
        }
        out.append('}');
        before = ",\n";
        for (What what : What.values()) {
            out.append(before).append('"').append(what.key()).append("\":{");
            Map<String, String> texts = Map.of("place", what.place, "en", what.english, "zh", what.chinese);
            for (String key : List.of("place", "en", "zh")) {
                out.append('"').append(key).append("\":");
                JsonText.append(out, texts.get(key));
                out.append(',');
            }
            out.append("\"step\":").append(what.isStep()).append('}');
            before = ",\n";
        }
        return out.append("\n}").toString();
    }
}
