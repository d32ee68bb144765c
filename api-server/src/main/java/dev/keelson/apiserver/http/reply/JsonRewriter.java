package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes JSON in pieces and writes what it says with a generator of another layout or language, token by token: a list of any
 * length is never a tree. Numbers keep the digits they came with.
 */
final class JsonRewriter extends OutputStream {
    private static final JsonFactory JSON = StoredJson.factory();

    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final JsonGenerator generator;
    private final String ending;

    /**
     * @param generator closed with this stream
     * @param ending written behind everything else
     */
    JsonRewriter(JsonGenerator generator, String ending) throws IOException {
        this.parser = JSON.createNonBlockingByteArrayParser();
        this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
        this.generator = generator;
        this.ending = ending;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] json, int from, int length) throws IOException {
        feeder.feedInput(json, from, from + length);
        copy();
    }

    private void copy() throws IOException {
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = parser.nextToken()) {
            generator.copyCurrentEventExact(parser);
        }
    }

    @Override
    public void close() throws IOException {
        try (parser;
                generator) {
            feeder.endOfInput();
            copy();
            if (!ending.isEmpty()) {
                generator.writeRaw(ending);
            }
        }
    }
}
