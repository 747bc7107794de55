package uk.ac.manchester.tornado.api.common;

/**
 * A call of a native library. The simulator has no such libraries. This class exists so that programs with such calls
 * compile.
 */
public class LibraryTaskDescriptor {
    private String libraryName = "";
    private String functionName = "";
    private Object tuning = "";

    /** Sets the name of the library. */
    public LibraryTaskDescriptor withLibrary(String libraryName) {
        this.libraryName = libraryName;
        return this;
    }

    /** Sets the name of the function. */
    public LibraryTaskDescriptor withFunction(String functionName) {
        this.functionName = functionName;
        return this;
    }

    /** Sets the arguments. */
    public LibraryTaskDescriptor withParameters(Object[] parameters) {
        return this;
    }

    /** Sets how the function uses each argument. */
    public LibraryTaskDescriptor withAccess(Access[] access) {
        return this;
    }

    /** Attaches an object for the library alone. */
    public LibraryTaskDescriptor withTuning(Object tuning) {
        this.tuning = tuning;
        return this;
    }

    /** The library's name. */
    public String getLibraryName() {
        return libraryName;
    }

    /** The function's name. */
    public String getFunctionName() {
        return functionName;
    }

    /** The object for the library alone. */
    public Object getTuning() {
        return tuning;
    }
}
