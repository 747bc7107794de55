package dev.kvasir.benchmarks;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.kvasir.benchmarks.ArchitectureTest.OwnClasses;
import dev.kvasir.kernels.digest.DigestKind;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** Holds the arrows of docs/architecture.md, from the one module that sees all others. */
@AnalyzeClasses(packages = {"dev.kvasir", ArchitectureTest.TORNADO}, importOptions = {DoNotIncludeTests.class,
    OwnClasses.class})
final class ArchitectureTest {
    static final String TORNADO = "uk.ac.manchester.tornado";

    /** Leaves out the classes of an installed TornadoVM: of its packages, only those of the simulator are ours. */
    static final class OwnClasses implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains(TORNADO.replace('.', '/')) || location.contains("tornado-sim");
        }
    }

    @ArchTest
    static final ArchRule modulesDependOneWay = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("sim")
            .definedBy("dev.kvasir.sim..")
            .layer("kernels")
            .definedBy("dev.kvasir.kernels..")
            .layer("kvcache")
            .definedBy("dev.kvasir.kvcache..")
            .layer("model")
            .definedBy("dev.kvasir.model..")
            .layer("report")
            .definedBy("dev.kvasir.report..")
            .layer("lab")
            .definedBy("dev.kvasir.lab..")
            .layer("launch")
            .definedBy("dev.kvasir.launch..")
            .layer("runner")
            .definedBy("dev.kvasir.runner..")
            .layer("benchmarks")
            .definedBy("dev.kvasir.benchmarks..")
            .whereLayer("benchmarks")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("runner")
            .mayOnlyBeAccessedByLayers("benchmarks")
            .whereLayer("launch")
            .mayOnlyBeAccessedByLayers("runner", "benchmarks")
            .whereLayer("lab")
            .mayOnlyBeAccessedByLayers("runner", "benchmarks")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("lab", "runner", "benchmarks")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("lab", "runner", "benchmarks")
            .whereLayer("kvcache")
            .mayOnlyBeAccessedByLayers("model", "lab", "runner", "benchmarks")
            .whereLayer("kernels")
            .mayOnlyBeAccessedByLayers("kvcache", "model", "report", "lab", "runner", "benchmarks")
            .whereLayer("sim")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule reportsUseOnlyTheNamesOfDigests = classes().that()
            .resideInAPackage("dev.kvasir.report..")
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage("dev.kvasir..").or(resideInAPackage("dev.kvasir.report.."))
                    .or(equivalentTo(DigestKind.class)));

    @ArchTest
    static final ArchRule theLauncherKnowsNothingOfTheEngine = classes().that()
            .resideInAPackage("dev.kvasir.launch..")
            .should()
            .onlyDependOnClassesThat(
                    resideOutsideOfPackage("dev.kvasir..").or(resideInAPackage("dev.kvasir.launch..")));

    @ArchTest
    static final ArchRule onlyVectorPackagesTouchTheVectorApi = noClasses().that()
            .resideOutsideOfPackages("dev.kvasir.kernels..vector..", "dev.kvasir.kernels.simd..",
                    "dev.kvasir.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule onlyTheReferenceEngineComputesWithTheControl = noClasses().that()
            .resideOutsideOfPackages("dev.kvasir.kernels..reference..", "dev.kvasir.benchmarks..")
            .and()
            .haveSimpleNameNotStartingWith("Reference")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kvasir.kernels..reference..");

    @ArchTest
    static final ArchRule onlyTornadoPackagesTouchTornado = noClasses().that()
            .resideOutsideOfPackages("dev.kvasir..tornado..", "dev.kvasir.kernels.launch..",
                    "dev.kvasir.kernels.catalog..", "dev.kvasir.kvcache.paged.graph..", "dev.kvasir.sim..",
                    TORNADO + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TORNADO + "..");

    @ArchTest
    static final ArchRule theCacheKnowsNoFilesAndNoModels = noClasses().that()
            .resideInAPackage("dev.kvasir.kvcache..")
            .and()
            .resideOutsideOfPackage("dev.kvasir.kvcache.disk")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "dev.kvasir.model..");

    /**
     * One exception: the simulator has TornadoVM's API under TornadoVM's own names, and a class of that API creates its
     * implementation.
     */
    @ArchTest
    static final ArchRule packagesAreFreeOfCycles = slices().matching("(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAPackage(TORNADO + ".api"),
                    resideInAnyPackage(TORNADO + ".api.common", "dev.kvasir.sim.graph"));
}
