package dev.kvasir.model.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Templates for files without one: by name, or by tokens that only one family has. */
final class KnownTemplates {

    private static final Map<String, String> BY_NAME = new TreeMap<>(Map.of(
            "chatml", """
                    {%- for message in messages %}
                    {{- '<|im_start|>' ~ message.role ~ '\\n' ~ message.content ~ '<|im_end|>\\n' }}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}
                    """,
            "llama3",
            """
                    {{- bos_token }}
                    {%- for message in messages %}
                    {{- '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\\n\\n' ~ message.content|trim }}
                    {{- '<|eot_id|>' }}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
                    """,
            "gemma", """
                    {{- bos_token }}
                    {%- set ns = namespace(system='') %}
                    {%- for message in messages %}
                    {%- if message.role == 'system' %}{% set ns.system = message.content|trim ~ '\\n\\n' %}
                    {%- else %}
                    {{- '<start_of_turn>' ~ ('model' if message.role == 'assistant' else message.role) ~ '\\n' }}
                    {{- ns.system ~ message.content|trim ~ '<end_of_turn>\\n' }}
                    {%- set ns.system = '' %}
                    {%- endif %}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- '<start_of_turn>model\\n' }}{% endif %}
                    """,
            "phi3", """
                    {%- for message in messages %}
                    {{- '<|' ~ message.role ~ '|>\\n' ~ message.content ~ '<|end|>\\n' }}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{% endif %}
                    """,
            "zephyr", """
                    {%- for message in messages %}
                    {{- '<|' ~ message.role ~ '|>\\n' ~ message.content ~ eos_token ~ '\\n' }}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{% endif %}
                    """,
            "llama2", """
                    {%- set ns = namespace(system='') %}
                    {%- for message in messages %}
                    {%- if message.role == 'system' %}
                    {%- set ns.system = '<<SYS>>\\n' ~ message.content ~ '\\n<</SYS>>\\n\\n' %}
                    {%- elif message.role == 'assistant' %}
                    {{- ' ' ~ message.content|trim ~ ' ' ~ eos_token }}
                    {%- else %}
                    {{- bos_token ~ '[INST] ' ~ ns.system ~ message.content|trim ~ ' [/INST]' }}
                    {%- set ns.system = '' %}
                    {%- endif %}
                    {%- endfor %}
                    """,
            "plain", """
                    {{- bos_token }}
                    {%- for message in messages %}
                    {%- if message.role == 'system' %}{{- message.content ~ '\\n\\n' }}
                    {%- else %}{{- message.role|capitalize ~ ': ' ~ message.content ~ '\\n' }}
                    {%- endif %}
                    {%- endfor %}
                    {%- if add_generation_prompt %}{{- 'Assistant:' }}{% endif %}
                    """));

    private record Mark(String token, String name) {}

    /** Tokens that occur only in the vocabularies of one family. */
    private static final List<Mark> MARKS = List.of(new Mark("<|start_header_id|>", "llama3"),
            new Mark("<|im_start|>", "chatml"), new Mark("<start_of_turn>", "gemma"));

    private KnownTemplates() {}

    static String named(String name) {
        var source = BY_NAME.get(name);
        if (source == null) {
            throw new ChatTemplateException("There is no chat template '" + name + "'; choose one of "
                    + String.join(", ", BY_NAME.keySet()) + ".");
        }
        return source;
    }

    static Optional<String> byTokens(List<String> tokens) {
        return MARKS.stream().filter(mark -> tokens.contains(mark.token())).map(mark -> named(mark.name())).findFirst();
    }
}
