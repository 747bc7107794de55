package dev.kvasir.benchmarks;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** Holds the arrows of docs/architecture.md, from the one module that sees all others. */
@AnalyzeClasses(packages = "dev.kvasir", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

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
            .layer("runner")
            .definedBy("dev.kvasir.runner..", "dev.kvasir.launch..")
            .layer("benchmarks")
            .definedBy("dev.kvasir.benchmarks..")
            .whereLayer("benchmarks")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("runner")
            .mayOnlyBeAccessedByLayers("benchmarks")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("runner", "benchmarks")
            .whereLayer("kvcache")
            .mayOnlyBeAccessedByLayers("model", "runner", "benchmarks");

    @ArchTest
    static final ArchRule onlyVectorPackagesTouchTheVectorApi = noClasses().that()
            .resideOutsideOfPackages("..vector..", "dev.kvasir.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule onlyTornadoPackagesTouchTornado = noClasses().that()
            .resideOutsideOfPackages("..tornado..", "dev.kvasir.sim..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("uk.ac.manchester.tornado..");

    @ArchTest
    static final ArchRule theCacheKnowsNoFilesAndNoModels = noClasses().that()
            .resideInAPackage("dev.kvasir.kvcache..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "dev.kvasir.model..");

    @ArchTest
    static final ArchRule theLauncherKnowsNothingOfTheEngine = noClasses().that()
            .resideInAPackage("dev.kvasir.launch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kvasir.kernels..", "dev.kvasir.kvcache..",
                    "dev.kvasir.model..");

    @ArchTest
    static final ArchRule modulesAreFreeOfCycles = slices().matching("dev.kvasir.(*)..").should().beFreeOfCycles();
}
