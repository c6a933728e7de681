package org.reactorserver.helper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** What documents use of netcat, which is not on every machine: {@code nc [-N] HOST PORT}. */
public final class Nc {
    private Nc() {}

    public static void main(String[] args) throws IOException {
        boolean endsStream = args[0].equals("-N");
        int at = endsStream ? 1 : 0;
        try (Socket socket = new Socket(args[at], Integer.parseInt(args[at + 1]))) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            System.in.transferTo(out);
            if (endsStream) {
                socket.shutdownOutput();
            }
            in.transferTo(System.out);
            System.out.flush();
        }
    }
}
