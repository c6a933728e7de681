package org.reactorserver.helper;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;

/** A request whose sender has as much of the answer already as goes into its buffers, and takes nothing of it. */
public final class DeafExchange extends HttpExchange {
    private static final int CHUNK = 4_096;

    private final URI uri;
    private final Pipe pipe = Pipe.open();
    private final Headers request = new Headers();
    private final Headers response = new Headers();
    private int status = -1;

    /** A GET of this. */
    public DeafExchange(String path) throws IOException {
        uri = URI.create(path);
        pipe.sink().configureBlocking(false);
        while (pipe.sink().write(ByteBuffer.allocate(CHUNK)) > 0) {}
        pipe.sink().configureBlocking(true);
    }

    /** Whether the connection is closed on the server's side. */
    public boolean isClosed() {
        return !pipe.sink().isOpen();
    }

    @Override
    public void close() {
        try {
            pipe.sink().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public OutputStream getResponseBody() {
        return Channels.newOutputStream(pipe.sink());
    }

    @Override
    public void sendResponseHeaders(int code, long length) {
        status = code;
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public Headers getRequestHeaders() {
        return request;
    }

    @Override
    public Headers getResponseHeaders() {
        return response;
    }

    @Override
    public URI getRequestURI() {
        return uri;
    }

    @Override
    public String getRequestMethod() {
        return "GET";
    }

    @Override
    public HttpContext getHttpContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream getRequestBody() {
        return InputStream.nullInputStream();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getProtocol() {
        return "HTTP/1.1";
    }

    @Override
    public Object getAttribute(String name) {
        return null;
    }

    @Override
    public void setAttribute(String name, Object value) {}

    @Override
    public void setStreams(InputStream in, OutputStream out) {}

    @Override
    public HttpPrincipal getPrincipal() {
        return null;
    }
}
