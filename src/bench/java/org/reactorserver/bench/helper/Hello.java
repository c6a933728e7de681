package org.reactorserver.bench.helper;

/** The least that a Java program can do: what starting a JVM costs before any server is in it. */
public final class Hello {

    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
