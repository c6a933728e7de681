package org.reactorserver.wire;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.reactorserver.wire.ListenException.Reason;

/**
 * The file of a Unix socket that this process has made. Any thread.
 *
 * <p>Such a file gets its permissions from the process's mask when it is bound, and Java cannot set the mask; to change
 * them afterwards would leave a moment in which others may connect. So it is bound in a directory beside its place that
 * only the owner may enter, gets its permissions there, and is then linked to its place, which fails if something is
 * there. What {@code ss} shows as the socket's name is the one in that directory.
 */
final class SocketFile {
    /** What the JDK takes, two fewer than the kernel's {@code sun_path} has. */
    static final int LONGEST = 106;

    private static final int ROOM_BYTES = "/.abcd/s".length();
    private static final int ROOM_NAMES = 36 * 36 * 36 * 36;
    private static final int RADIX = 36;
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Path path;
    private final Object key;
    private final FileTime made; // a key is given again after the file is gone

    private SocketFile(Path path) throws IOException {
        BasicFileAttributes attributes = attributes(path);
        this.path = path;
        this.key = attributes.fileKey();
        this.made = attributes.lastModifiedTime();
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Binds the channel there. An existing socket is removed if no process listens at it any more.
     *
     * @throws ListenException if it cannot be listened there
     */
    static SocketFile bind(ServerSocketChannel channel, Endpoint endpoint, int backlog) throws IOException {
        Path path = endpoint.path();
        Path parent = path.getParent() == null ? Path.of("") : path.getParent();
        int length = path.toString().getBytes().length;
        int most = LONGEST - ROOM_BYTES;
        if (length > LONGEST || parent.toString().getBytes().length > most) {
            throw new ListenException(
                    endpoint,
                    Reason.OTHER,
                    "the path is too long: it has %d bytes of at most %d, of which the directory may have %d"
                            .formatted(length, LONGEST, most),
                    null);
        }
        try {
            Path room = makeRoom(parent);
            Path bound = room.resolve("s");
            try {
                channel.bind(UnixDomainSocketAddress.of(bound), backlog);
                Files.setPosixFilePermissions(bound, permissions(endpoint.mode()));
                link(endpoint, bound);
                return new SocketFile(path);
            } finally {
                Files.deleteIfExists(bound);
                Files.deleteIfExists(room);
            }
        } catch (AccessDeniedException e) {
            throw new ListenException(endpoint, Reason.NOT_ALLOWED, "the directory may not be written to", e);
        } catch (NoSuchFileException e) {
            throw new ListenException(endpoint, Reason.OTHER, "there is no such directory", e);
        } catch (FileSystemException | SocketException e) {
            if (e instanceof ListenException told) {
                throw told;
            }
            throw new ListenException(endpoint, Reason.OTHER, e.getMessage(), e);
        }
    }

    /** A directory with a short name that only the owner may enter. */
    private static Path makeRoom(Path parent) throws IOException {
        while (true) {
            String name = Integer.toString(ThreadLocalRandom.current().nextInt(ROOM_NAMES), RADIX);
            try {
                return Files.createDirectory(
                        parent.resolve("." + name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                LOG.debug("there is a {} already", name, e);
            }
        }
    }

    private static void link(Endpoint endpoint, Path bound) throws IOException {
        try {
            Files.createLink(endpoint.path(), bound);
        } catch (FileAlreadyExistsException e) {
            removeStale(endpoint);
            try {
                Files.createLink(endpoint.path(), bound);
            } catch (FileAlreadyExistsException again) {
                throw inUse(endpoint, again);
            }
        }
    }

    /**
     * Removes an existing socket at which no process listens. Under a lock, since between question and removal
     * another server could do the same and put its own there. The lock's file, empty and beside the socket's, stays: to
     * remove it too would need another lock.
     */
    private static void removeStale(Endpoint endpoint) throws IOException {
        Path path = endpoint.path();
        Path lock = path.resolveSibling("." + path.getFileName() + ".lock");
        synchronized (SocketFile.class) { // one process holds a lock once
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                LOG.debug("{} is looked at under {}", path, held);
                int type = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE;
                if (type != SOCKET) {
                    throw new ListenException(
                            endpoint,
                            Reason.IN_USE,
                            "there is something that is no socket, and it is left alone",
                            null);
                }
                if (isAnswered(path)) {
                    throw inUse(endpoint, null);
                }
                Files.delete(path);
            } catch (NoSuchFileException e) {
                LOG.debug("{} has been removed by its server", path, e);
            }
        }
    }

    /** Whether a process listens there; true if that cannot be found out. */
    private static boolean isAnswered(Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // a full backlog would be waited for
            channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) { // refused
            return false;
        } catch (SocketException e) { // a full backlog, no permission
            LOG.debug("whether a process listens at {} cannot be found out", path, e);
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static ListenException inUse(Endpoint endpoint, Exception cause) {
        return new ListenException(endpoint, Reason.IN_USE, "another program listens there", cause);
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : PosixFilePermission.values()) { // from the owner's read to the others' execute
            if ((mode & 0400 >> each.ordinal()) != 0) {
                permissions.add(each);
            }
        }
        return permissions;
    }

    /** Removes the file, unless another one has taken its place: then that is a successor's. */
    void remove() {
        try {
            BasicFileAttributes there = attributes(path);
            if (there.fileKey().equals(key) && there.lastModifiedTime().equals(made)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", path, e);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", path, e.toString());
        }
    }
}
