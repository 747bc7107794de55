package dev.kvasir.model;

import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.sampling.Sampler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a saved {@link Chat} that is not in its session.
 *
 * @param system the system prompt
 * @param messages with the system prompt
 * @param tokens the whole conversation
 * @param said the text of these tokens; empty if they must be read again
 */
record SavedChat(String system, List<Message> messages, int[] tokens, String said) {

    /** The same, to be read anew. */
    SavedChat unread() {
        return new SavedChat(system, messages, new int[0], "");
    }

    void write(StateWriter state) {
        state.writeText(system);
        state.writeInt(messages.size());
        for (Message message : messages) {
            state.writeText(message.role());
            state.writeText(message.content());
        }
        state.writeInts(tokens, tokens.length);
        state.writeText(said);
    }

    private static SavedChat of(StateReader state) {
        String system = state.readText();
        List<Message> messages = new ArrayList<>();
        for (int left = state.readInt(0, Integer.MAX_VALUE); left > 0; left--) {
            messages.add(new Message(state.readText(), state.readText()));
        }
        return new SavedChat(system, messages, state.readInts(), state.readText());
    }

    /**
     * Reads the conversation of a file and the state of its sampler.
     *
     * @throws FailureException if the file holds no conversation, or one with other options
     */
    static SavedChat read(SessionFile file, ChatOptions options, Sampler sampler) throws IOException {
        if (file.head().capacity() != options.contextTokens()) {
            throw file.refused("it was saved with contextTokens %d, and here contextTokens is %d: use the same"
                    .formatted(file.head().capacity(), options.contextTokens()));
        }
        SavedChat chat = file.conversation(SavedChat::of);
        if (!options.system().isEmpty() && !options.system().equals(chat.system())) {
            throw file.refused(
                    "it was saved with the system prompt '%s', and here it is '%s': leave it out or use the same"
                            .formatted(chat.system(), options.system()));
        }
        if (chat.tokens().length < file.head().position()) {
            throw file.refused("its conversation has %d tokens, and its session has read %d".formatted(
                    chat.tokens().length, file.head().position()));
        }
        file.sampler(sampler);
        return chat;
    }
}
