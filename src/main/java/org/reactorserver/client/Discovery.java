package org.reactorserver.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.framing.Framing;

/**
 * Finds a server by the datagrams with which it announces itself ({@code serve --announce}). Any machine can send one,
 * so it can only name the address that it comes from: else a datagram could make clients connect to any address.
 */
public final class Discovery {
    private static final Pattern ANNOUNCEMENT = Pattern.compile(
            "reactor-server (?:(IPV4)|\\[([0-9a-fA-F:.%]{2,64})]):(\\d{1,5}) (\\S{1,64})(?: (\\S{1,64}))?"
                    .replace("IPV4", "OCTET(?:\\.OCTET){3}")
                    .replace("OCTET", "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"));

    private static final int MAX_DATAGRAM = 256;

    private Discovery() {}

    /**
     * A server that was found.
     *
     * @param address where it listens
     * @param framing its framing
     * @param charset how texts are bytes
     */
    public record Found(InetSocketAddress address, Framing framing, Charset charset) {}

    /**
     * Listens for an announcement, in the calling thread. Anything else that arrives is passed over.
     *
     * @param port the UDP port that is announced to
     * @return the first server heard, empty if there is none in time
     * @throws IOException if the port cannot be listened at
     */
    public static Optional<Found> find(int port, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setReuseAddress(true); // several clients may listen on one machine
            socket.bind(new InetSocketAddress(port));
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
            long left;
            while ((left = (end - System.nanoTime()) / 1_000_000) > 0) {
                socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                packet.setLength(MAX_DATAGRAM);
                socket.receive(packet);
                Optional<Found> found = parse(packet);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Found> parse(DatagramPacket packet) {
        String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
        Matcher matcher = ANNOUNCEMENT.matcher(text);
        if (!matcher.matches() || !isPort(Integer.parseInt(matcher.group(3)))) {
            return Optional.empty();
        }
        try {
            // neither is ever looked up: the one is four numbers, the other cannot be a name in its brackets
            InetAddress host =
                    InetAddress.getByName(matcher.group(1) != null ? matcher.group(1) : "[" + matcher.group(2) + "]");
            InetAddress source = packet.getAddress();
            if (host.isAnyLocalAddress()) {
                host = source; // it listens everywhere: also where this came from
            }
            boolean ofThisMachine = host.isLoopbackAddress() && source.isLoopbackAddress();
            if (!host.equals(source) && !ofThisMachine) {
                return Optional.empty();
            }
            int port = Integer.parseInt(matcher.group(3));
            Charset charset = matcher.group(5) == null ? StandardCharsets.UTF_8 : Charset.forName(matcher.group(5));
            return Optional.of(new Found(new InetSocketAddress(host, port), Framing.named(matcher.group(4)), charset));
        } catch (UnknownHostException e) {
            return Optional.empty(); // looks like an address and is none
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a framing or a charset that is not known here
        }
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65_535;
    }
}
