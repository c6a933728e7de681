package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A blocking client over a TCP or a Unix socket, in clear or by the JDK's TLS, which knows nothing of ours. It has no
 * patience of its own: the test's timeout interrupts it.
 */
public final class Caller implements Closeable {
    private static final String HOST = "localhost";
    private static final SSLContext TRUSTING = trusting();

    private final SocketChannel channel;
    private Socket socket;
    private InputStream in; // buffered: in clear each read is a call to the kernel

    /** Connects. */
    public Caller(SocketAddress to) throws IOException {
        channel = SocketChannel.open(to);
        use(new ChannelSocket(channel));
    }

    private void use(Socket next) throws IOException {
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
    }

    private static SSLContext trusting() {
        try (InputStream authority = Files.newInputStream(TestKeys.certificate("ca"))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(authority));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From here on it speaks TLS. */
    public Caller shakeHands(String protocol) throws IOException {
        SSLSocket tls = (SSLSocket) TRUSTING.getSocketFactory().createSocket(socket, HOST, 0, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setServerNames(List.of(new SNIHostName(HOST)));
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        use(tls);
        return this;
    }

    /** The same client, whose next bytes are sent below TLS. */
    public Caller below() throws IOException {
        use(new ChannelSocket(channel));
        return this;
    }

    /** Asks for another handshake, in TLS 1.2; the server's answer is read together with the next bytes. */
    public void renegotiate() throws IOException {
        ((SSLSocket) socket).startHandshake();
    }

    /** The certificate that the server has shown. */
    public String certificate() throws IOException {
        return ((SSLSocket) socket).getSession().getPeerCertificates()[0].toString();
    }

    /** Its own address; empty for a Unix socket without a name. */
    public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    /** Sends this in UTF-8. */
    public Caller send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    /** Sends these. */
    public Caller send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads up to the next LF. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the stream ended after '" + line.toString(UTF_8) + "'");
            }
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    /** Reads so many bytes; fewer if the stream ends. */
    public byte[] bytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads up to the end of the stream; throws if that is a reset. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), UTF_8);
    }

    /** Reads up to the end, be it a reset or an alert. Returns what came before. */
    public byte[] untilGone() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.write(b);
            }
        } catch (IOException e) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    /** Ends its stream, and goes on reading. */
    public Caller endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes so that the server sees a reset; at a Unix socket there must be something unread. */
    public void reset() throws IOException {
        if (channel.getLocalAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public void close() throws IOException {
        try {
            socket.close();
        } finally {
            channel.close();
        }
    }

    /** What the JDK's TLS needs of a socket, over any channel: there are no Unix sockets among its own. */
    private static final class ChannelSocket extends Socket {
        private final SocketChannel channel;

        ChannelSocket(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    return channel.read(ByteBuffer.wrap(into, offset, length));
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    channel.write(ByteBuffer.wrap(bytes, offset, length)); // all of it: it blocks
                }
            };
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void shutdownInput() {}

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
