package dev.kvasir.kernels.launch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/**
 * In force where the build runs the kernel tests a second time, on a real TornadoVM ({@code -Ptornadovm}): skips them if
 * there is none, and fails them if the simulator has taken its place unnoticed.
 */
public final class OnRealTornado implements ExecutionCondition {
    private static final String NO_SDK = "TORNADOVM_HOME is not set; set it to the folder of a TornadoVM SDK";
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String home = System.getenv("TORNADOVM_HOME");
        if (home == null || home.isBlank()) {
            if (TOLD.compareAndSet(false, true)) {
                System.err.println("Tests on a real TornadoVM are skipped: " + NO_SDK);
            }
            return ConditionEvaluationResult.disabled(NO_SDK);
        }
        Module api = TaskGraph.class.getModule();
        if (!api.isNamed()) {
            throw new ExtensionConfigurationException(
                    "TORNADOVM_HOME names %s, and its API was not loaded: is it a whole SDK, with a tornado-argfile?"
                            .formatted(home));
        }
        return ConditionEvaluationResult.enabled("on TornadoVM in " + home);
    }
}
