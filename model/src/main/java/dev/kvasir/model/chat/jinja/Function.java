package dev.kvasir.model.chat.jinja;

/** A function that a template can call. */
@FunctionalInterface
interface Function {

    Object call(CallArguments arguments);
}
