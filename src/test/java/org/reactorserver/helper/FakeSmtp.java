package org.reactorserver.helper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactorserver.load.TestServer;

/** A mail server that is strict about the order of commands, as RFC 5321 has them, and throws every mail away. */
public final class FakeSmtp implements AutoCloseable {
    private final AtomicInteger mails = new AtomicInteger();
    private final TestServer server;

    public FakeSmtp() throws IOException {
        server = TestServer.of((in, out, connection) -> {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            reply(out, "220-fake.example\r\n220 ready");
            String expected = "EHLO";
            String line;
            while ((line = reader.readLine()) != null) {
                if (!line.startsWith(expected)) {
                    reply(out, "503 " + expected + " was expected, and not " + line);
                    continue;
                }
                switch (expected) {
                    case "EHLO" -> {
                        reply(out, "250-fake.example\r\n250-SIZE 1000\r\n250 8BITMIME");
                        expected = "MAIL FROM:";
                    }
                    case "MAIL FROM:" -> {
                        reply(out, "250 2.1.0 Ok");
                        expected = "RCPT TO:";
                    }
                    case "RCPT TO:" -> {
                        reply(out, "250");
                        expected = "DATA";
                    }
                    default -> {
                        reply(out, "354 go on");
                        while (!reader.readLine().equals(".")) {
                            // thrown away
                        }
                        reply(out, "250 queued as " + mails.incrementAndGet());
                        expected = "MAIL FROM:";
                    }
                }
            }
        });
    }

    private static void reply(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    public int port() {
        return server.port();
    }

    /** How many were taken. */
    public int mails() {
        return mails.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
