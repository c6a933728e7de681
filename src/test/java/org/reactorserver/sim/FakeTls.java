package org.reactorserver.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.testkit.net.World;

/**
 * TLS without keys: an {@link SSLEngine} of a server's side with TLS's records, steps and states, in which a number and
 * a sum stand for what encryption protects: that nothing is lost, changed or in another order. Above it runs the
 * production code, unmodified. The JDK's engines would not do: they are random, down to the lengths of their
 * signatures, so that a seed would not be the same run twice, and take a millisecond for a handshake, as long as a
 * whole seed does.
 *
 * <p>The steps: the client's hello; a task; the server's flight, of two records; the client's end of the handshake; in
 * TLS 1.2 the server's too, in TLS 1.3 a ticket. Of each record the last two bytes are its true type, for in TLS 1.3
 * all look like data, and the sum.
 */
public final class FakeTls {
    public static final int ALERT = 21;
    public static final int HANDSHAKE = 22;
    public static final int DATA = 23;
    static final int HEADER = 5;
    public static final byte[] HELLO = {1};
    public static final byte[] FINISHED = {20};
    public static final byte[] KEY_UPDATE = {24, 1};
    public static final byte[] CLOSE_NOTIFY = {1, 0};
    public static final byte[] REFUSAL = {2, 40};

    private static final byte[] NOTHING = {};
    private static final SSLContext REAL = real();
    private static final int OVERHEAD = HEADER + 2;
    private static final int MOST_CLEAR = 1 << 14;
    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256"};
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private FakeTls() {}

    /**
     * A record.
     *
     * @param number how many went before it
     * @param isHidden whether its type is not to be seen, as in TLS 1.3 once there are keys
     */
    public static byte[] record(int type, byte[] clear, int number, boolean isHidden) {
        ByteBuffer record = ByteBuffer.allocate(OVERHEAD + clear.length);
        record.put((byte) (isHidden ? DATA : type)).put((byte) 3).put((byte) 3);
        record.putShort((short) (clear.length + 2)).put(clear).put((byte) type);
        return record.put((byte) sum(clear, type, number)).array();
    }

    private static int sum(byte[] clear, int type, int number) {
        int sum = 31 * number + type;
        for (byte each : clear) {
            sum += each;
        }
        return sum & 0xFF;
    }

    /** What one record says. */
    record Said(int type, byte[] clear) {}

    /** Takes apart a record that is whole. */
    static Said read(ByteBuffer from, int number) throws SSLException {
        from.position(from.position() + HEADER - Short.BYTES);
        byte[] clear = new byte[(from.getShort() & 0xFFFF) - 2];
        from.get(clear);
        int type = from.get();
        if ((from.get() & 0xFF) != sum(clear, type, number)) {
            throw new SSLException("Tag mismatch!");
        }
        return new Said(type, clear);
    }

    /** An engine of a server, in a world where everything is whole and at once. */
    public static SSLEngine engine(boolean is13) {
        return new Engine(is13, new World() {});
    }

    /** A context whose engines these are; it has no trust and no keys of its own. */
    public static SSLContext context(boolean is13, World world) {
        return new SSLContext(new Spi(is13, world), new NoProvider(), "fake") {};
    }

    /** What a server is given: its trial is by an engine of the JDK's, and after that it has this context. */
    public static Supplier<SSLContext> afterTrial(SSLContext context) {
        Iterator<SSLContext> first = List.of(REAL).iterator();
        return () -> first.hasNext() ? first.next() : context;
    }

    private static SSLContext real() {
        try (InputStream in = Files.newInputStream(TestKeys.file("server.p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, TestKeys.PASSWORD.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, TestKeys.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class NoProvider extends Provider {
        private static final long serialVersionUID = 1L;

        NoProvider() {
            super("fake", "1", "for the simulation");
        }
    }

    /** The peer's reading side. */
    static final class Ear {
        private final ByteBuffer held = ByteBuffer.allocate(OVERHEAD + MOST_CLEAR);
        private int number;
        private boolean ended;

        /** Whether the server has said that its stream ends. */
        boolean hasEnded() {
            return ended;
        }

        /** Takes a byte from the wire. Returns what is in clear now: nothing, until a record is whole. */
        byte[] hear(byte next) {
            held.put(next);
            if (held.position() < HEADER || held.position() < HEADER + (held.getShort(HEADER - 2) & 0xFFFF)) {
                return NOTHING;
            }
            try {
                Said said = read(held.flip(), number++);
                held.clear();
                if (ended) {
                    throw new AssertionError("received a record behind the end");
                }
                ended = said.type == ALERT;
                return said.type == DATA ? said.clear : NOTHING;
            } catch (SSLException e) {
                throw new AssertionError("received a record that is not the next one", e);
            }
        }
    }

    private static final class Engine extends SSLEngine {
        private final boolean is13;
        private final World world;
        private final SSLSession session;
        private int received;
        private int sent;
        private boolean taskWaits;
        private boolean taskRuns;
        private boolean greeted;
        private int toSay; // records of the handshake
        private boolean established;
        private boolean finishes; // with the next record that it says
        private boolean refuses;
        private boolean inboundDone;
        private boolean closing;
        private boolean outboundDone;

        Engine(boolean is13, World world) {
            this.is13 = is13;
            this.world = world;
            this.session = (SSLSession) Proxy.newProxyInstance(
                    FakeTls.class.getClassLoader(),
                    new Class<?>[] {SSLSession.class},
                    (proxy, method, values) -> switch (method.getName()) {
                        case "getProtocol" -> is13 ? PROTOCOLS[0] : PROTOCOLS[1];
                        case "getCipherSuite" -> SUITES[0];
                        case "getApplicationBufferSize", "getPacketBufferSize" -> OVERHEAD + MOST_CLEAR;
                        case "getPeerCertificates" -> new java.security.cert.Certificate[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            if (taskWaits || taskRuns) {
                return HandshakeStatus.NEED_TASK;
            }
            if (!outboundDone && (toSay > 0 || refuses || closing)) {
                return HandshakeStatus.NEED_WRAP;
            }
            return established || inboundDone ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_UNWRAP;
        }

        @Override
        public Runnable getDelegatedTask() {
            if (!taskWaits) {
                return null;
            }
            taskWaits = false;
            taskRuns = true;
            return () -> {
                world.pause();
                taskRuns = false;
                toSay = 2;
            };
        }

        @Override
        public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] into, int offset, int length) throws SSLException {
            requireNoTask();
            int start = from.position();
            if (inboundDone) {
                return result(Status.CLOSED, getHandshakeStatus(), 0, 0);
            }
            int size = HEADER + (from.getShort(start + HEADER - 2) & 0xFFFF);
            if (size < OVERHEAD || size > OVERHEAD + MOST_CLEAR) {
                throw refuse("a record of " + size + " bytes");
            }
            if (into[offset].remaining() < size - OVERHEAD) {
                return result(Status.BUFFER_OVERFLOW, getHandshakeStatus(), 0, 0);
            }
            boolean isShown = from.get(start) == HANDSHAKE;
            Said said;
            try {
                said = read(from, received++);
            } catch (SSLException e) {
                throw refuse(e.getMessage());
            }
            if (is13 && isShown && greeted) {
                throw refuse("a handshake in clear");
            }
            return switch (said.type) {
                case HANDSHAKE -> onHandshake(said, size);
                case DATA -> onData(said, size, into[offset]);
                default -> onAlert(said, size);
            };
        }

        private SSLEngineResult onHandshake(Said said, int size) throws SSLException {
            if (!greeted && said.clear[0] == HELLO[0]) {
                greeted = true;
                taskWaits = true;
            } else if (greeted && !established && toSay == 0 && said.clear[0] == FINISHED[0]) {
                established = is13;
                finishes = !is13;
                toSay = 1;
                if (is13) {
                    return result(Status.OK, HandshakeStatus.FINISHED, size, 0);
                }
            } else if (established && is13 && said.clear[0] == KEY_UPDATE[0]) {
                toSay++; // its own, since that is asked for
            } else {
                throw refuse("unexpected in a handshake: " + said.clear[0]);
            }
            return result(Status.OK, getHandshakeStatus(), size, 0);
        }

        private SSLEngineResult onData(Said said, int size, ByteBuffer into) throws SSLException {
            if (!established) {
                throw refuse("data in a handshake");
            }
            into.put(said.clear);
            return result(Status.OK, getHandshakeStatus(), size, said.clear.length);
        }

        private SSLEngineResult onAlert(Said said, int size) throws SSLException {
            inboundDone = true;
            if (said.clear[0] == REFUSAL[0]) {
                outboundDone = true;
                throw new SSLException("Received fatal alert: handshake_failure");
            }
            closing |= !is13;
            return result(Status.CLOSED, getHandshakeStatus(), size, 0);
        }

        private SSLException refuse(String why) {
            refuses = true;
            inboundDone = true;
            return new SSLException(why);
        }

        @Override
        public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer into) {
            requireNoTask();
            if (outboundDone) {
                return result(Status.CLOSED, getHandshakeStatus(), 0, 0);
            }
            if (into.remaining() < OVERHEAD + MOST_CLEAR) {
                return result(Status.BUFFER_OVERFLOW, getHandshakeStatus(), 0, 0);
            }
            if (refuses || (closing && toSay == 0)) {
                outboundDone = true;
                return result(
                        Status.CLOSED, getHandshakeStatus(), 0, say(ALERT, refuses ? REFUSAL : CLOSE_NOTIFY, into));
            }
            if (toSay > 0) {
                toSay--;
                int count = say(HANDSHAKE, new byte[100], into);
                boolean isEnd = finishes && toSay == 0;
                established |= isEnd;
                finishes &= !isEnd;
                return result(Status.OK, isEnd ? HandshakeStatus.FINISHED : getHandshakeStatus(), 0, count);
            }
            if (!established) {
                return result(Status.OK, getHandshakeStatus(), 0, 0);
            }
            byte[] clear = new byte[Math.min(from[offset].remaining(), MOST_CLEAR)];
            from[offset].get(clear);
            return result(Status.OK, getHandshakeStatus(), clear.length, say(DATA, clear, into));
        }

        private int say(int type, byte[] clear, ByteBuffer into) {
            byte[] record = record(type, clear, sent++, is13 && sent > 1);
            into.put(record);
            return record.length;
        }

        private static SSLEngineResult result(Status status, HandshakeStatus handshake, int consumed, int produced) {
            return new SSLEngineResult(status, handshake, consumed, produced);
        }

        private void requireNoTask() {
            if (taskWaits || taskRuns) {
                throw new AssertionError("the engine is used while a task of it runs");
            }
        }

        @Override
        public void closeOutbound() {
            closing = true;
        }

        @Override
        public boolean isOutboundDone() {
            return outboundDone;
        }

        @Override
        public void closeInbound() {
            inboundDone = true;
        }

        @Override
        public boolean isInboundDone() {
            return inboundDone;
        }

        @Override
        public SSLSession getSession() {
            return session;
        }

        @Override
        public String getApplicationProtocol() {
            return "";
        }

        // -- calls without effect

        @Override
        public void beginHandshake() {}

        @Override
        public void setSSLParameters(SSLParameters parameters) {}

        @Override
        public void setUseClientMode(boolean mode) {}

        @Override
        public boolean getUseClientMode() {
            return false;
        }

        @Override
        public void setNeedClientAuth(boolean need) {}

        @Override
        public boolean getNeedClientAuth() {
            return false;
        }

        @Override
        public void setWantClientAuth(boolean want) {}

        @Override
        public boolean getWantClientAuth() {
            return false;
        }

        @Override
        public void setEnableSessionCreation(boolean flag) {}

        @Override
        public boolean getEnableSessionCreation() {
            return true;
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return SUITES.clone();
        }

        @Override
        public String[] getEnabledCipherSuites() {
            return SUITES.clone();
        }

        @Override
        public void setEnabledCipherSuites(String[] suites) {}

        @Override
        public String[] getSupportedProtocols() {
            return PROTOCOLS.clone();
        }

        @Override
        public String[] getEnabledProtocols() {
            return PROTOCOLS.clone();
        }

        @Override
        public void setEnabledProtocols(String[] protocols) {}
    }

    private static final class Spi extends SSLContextSpi {
        private final boolean is13;
        private final World world;

        Spi(boolean is13, World world) {
            this.is13 = is13;
            this.world = world;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new Engine(is13, world);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engineCreateSSLEngine();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return new SSLParameters(SUITES, PROTOCOLS);
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return engineGetDefaultSSLParameters();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random) {}

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw new UnsupportedOperationException();
        }
    }
}
