package org.reactorserver.bench.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * {@code Holder PORT N plain|tls}: opens N connections to this machine, says something on each, reads the reply, prints
 * {@code held N} and keeps them open until its standard input ends. Over TLS each has a handshake of its own, none is
 * resumed. A process of its own, because N connections to one server in one process would take 2 N file descriptors.
 */
public final class Holder {
    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.UTF_8);

    private Holder() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        int port = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[1]);
        SSLContext tls = args[2].equals("tls") ? trustingAll() : null;
        List<Socket> held = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            if (tls != null) {
                socket = tls.getSocketFactory().createSocket(socket, "client-" + i, port, true);
            }
            socket.getOutputStream().write(HELLO);
            held.add(socket);
        }
        for (Socket socket : held) {
            if (socket.getInputStream().readNBytes(HELLO.length).length < HELLO.length) {
                throw new IOException("the server closed a connection");
            }
        }
        System.out.println("held " + held.size());
        while (System.in.read() >= 0) {
            // Nothing is ever sent; only the end matters.
        }
    }

    private static SSLContext trustingAll() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        return context;
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String how) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String how) {
            // It is the bench's own server.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
