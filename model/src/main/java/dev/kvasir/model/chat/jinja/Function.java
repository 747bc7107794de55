package dev.kvasir.model.chat.jinja;

/** Something a template can call. */
@FunctionalInterface
interface Function {

    Object call(CallArguments arguments);
}
