package dev.kvasir.model;

import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import dev.kvasir.model.gguf.AtomicFile;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.sampling.Sampler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file with a saved session. It begins with 8 bytes that say so and the version of the format, 4 bytes in big-endian
 * order. Then come the sections of a {@link StateOutput}, whose checksums cover every byte:
 *
 * <pre>
 * session        fingerprint and name of the model, capacity and position in tokens, whether the next two follow
 * conversation   messages and tokens of a chat
 * sampler        random numbers and recent tokens
 * sequence …     the sections of the cache, if there are tokens
 * logits         after the last token, if there are tokens
 * end
 * </pre>
 */
final class SessionFile implements AutoCloseable {
    private static final long MAGIC = 0x4b56_5341_5645_4431L; // KVSAVED1
    private static final int VERSION = 1;
    private static final int START = Long.BYTES + Integer.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final StateInput in;
    private Head head = new Head(0, 0);
    private boolean hasConversation;
    private boolean hasSampler;

    /**
     * The size of a session.
     *
     * @param capacity tokens that fit
     * @param position tokens read
     */
    record Head(int capacity, int position) {}

    /** Writes or reads sections. */
    @FunctionalInterface
    interface Part<S> {
        void pass(S state) throws IOException;
    }

    private SessionFile(Path path, FileChannel channel, StateInput in) {
        this.path = path;
        this.channel = channel;
        this.in = in;
    }

    /**
     * Writes a file, which appears under its name when it is complete.
     *
     * @throws FailureException if a part cannot be saved
     * @throws IOException if the file cannot be written
     */
    static void write(Path path, GgufFile model, Head head, @Nullable Sampler sampler,
            @Nullable Consumer<StateWriter> conversation, Part<StateOutput> rest) throws IOException {
        checkPlace(path);
        try (AtomicFile file = AtomicFile.create(path, AtomicFile.Opener.FILE)) {
            file.write(ByteBuffer.allocate(START).putLong(MAGIC).putInt(VERSION).flip());
            var out = new StateOutput(file::write);
            out.values("session", state -> {
                state.writeText(model.fingerprint());
                state.writeText(name(model));
                state.writeInt(head.capacity());
                state.writeInt(head.position());
                state.writeInt(conversation == null ? 0 : 1);
                state.writeInt(sampler == null ? 0 : 1);
            });
            if (conversation != null) {
                out.values("conversation", conversation);
            }
            if (sampler != null) {
                out.values("sampler", sampler::save);
            }
            rest.pass(out);
            out.end();
            file.commit();
        } catch (StateException e) {
            throw new FailureException(
                    "the session cannot be saved to %s: %s".formatted(path, String.valueOf(e.getMessage())), e);
        } catch (FileSystemException e) { // it names the file beside
            throw new FileSystemException(path.toString(), null, e.getReason() == null
                    ? "this user may not write there"
                    : e.getReason());
        } catch (IOException e) {
            throw new FileSystemException(path.toString(), null, String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a place before everything has been written beside it. */
    private static void checkPlace(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new FileSystemException(path.toString(), null, "there is no folder " + folder);
        }
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "this is a folder; name a file");
        }
    }

    private static String name(GgufFile model) {
        return String.valueOf(model.path().getFileName());
    }

    /**
     * Opens a file and reads its {@link #head}.
     *
     * @throws FailureException if it holds no session, or one of another version or another model
     * @throws IOException if it cannot be read
     */
    static SessionFile open(Path path, GgufFile model) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "this is a folder; name a file");
        }
        FileChannel channel = FileChannel.open(path);
        try {
            checkStart(path, channel);
            var file = new SessionFile(path, channel, new StateInput(channel::read, channel.size(), START));
            file.read(in -> in.values("session", state -> file.readHead(state, model)));
            return file;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static void checkStart(Path path, FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(START);
        while (start.hasRemaining() && channel.read(start) >= 0) {
            // until it is full or the file ends
        }
        if (start.hasRemaining() || start.getLong(0) != MAGIC) {
            throw new FailureException(
                    "%s is not a saved session: name a file that Kvasir has saved".formatted(path));
        }
        int version = start.getInt(Long.BYTES);
        if (version != VERSION) {
            throw new FailureException(
                    "%s is a session of format %d, and this version of Kvasir reads format %d: use the version that saved it"
                            .formatted(path, version, VERSION));
        }
    }

    private void readHead(StateReader state, GgufFile model) {
        String fingerprint = state.readText();
        String name = state.readText();
        if (!fingerprint.equals(model.fingerprint())) {
            throw new StateException(
                    "it was saved with the model %s (%.12s), and this is %s (%.12s): use the same model".formatted(name,
                            fingerprint, name(model), model.fingerprint()));
        }
        int capacity = state.readInt(1, Integer.MAX_VALUE);
        head = new Head(capacity, state.readInt(0, capacity));
        hasConversation = state.readInt(0, 1) == 1;
        hasSampler = state.readInt(0, 1) == 1;
    }

    /** The size of the session. */
    Head head() {
        return head;
    }

    /**
     * Reads the conversation.
     *
     * @throws FailureException if there is none, or it is damaged
     */
    <T> T conversation(Function<StateReader, T> reader) throws IOException {
        if (!hasConversation) {
            throw refused("it holds a session without a conversation; Model.restore continues it");
        }
        var conversation = new AtomicReference<T>();
        read(all -> all.values("conversation", state -> conversation.set(reader.apply(state))));
        return Objects.requireNonNull(conversation.get());
    }

    void skipConversation() throws IOException {
        if (hasConversation) {
            read(all -> all.values("conversation", StateReader::skip));
        }
    }

    /**
     * Reads the state of a sampler.
     *
     * @throws FailureException if there is none, or it is damaged
     */
    void sampler(Sampler sampler) throws IOException {
        if (!hasSampler) {
            throw refused("it was saved without a sampler; restore it without one");
        }
        read(all -> all.values("sampler", sampler::restore));
    }

    void skipSampler() throws IOException {
        if (hasSampler) {
            read(all -> all.values("sampler", StateReader::skip));
        }
    }

    /** Reads sections. */
    void read(Part<StateInput> part) throws IOException {
        try {
            part.pass(in);
        } catch (StateException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** The exception for a file that cannot be restored. */
    FailureException refused(String reason) {
        return new FailureException("%s cannot be restored: %s".formatted(path, reason));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
