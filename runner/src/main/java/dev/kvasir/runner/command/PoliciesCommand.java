package dev.kvasir.runner.command;

import picocli.CommandLine.Command;

/** Lists the cache policies. */
@Command(name = "policies", description = "Lists the cache policies, or the options of one.")
final class PoliciesCommand implements Runnable {
    @Override
    public void run() {}
}
