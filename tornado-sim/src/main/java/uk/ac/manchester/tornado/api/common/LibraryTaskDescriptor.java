package uk.ac.manchester.tornado.api.common;

/** A call of a native library. The simulator has none: here only so that programs which make such calls compile. */
public class LibraryTaskDescriptor {
    private String libraryName = "";
    private String functionName = "";
    private Object tuning = "";

    /** Names the library. */
    public LibraryTaskDescriptor withLibrary(String libraryName) {
        this.libraryName = libraryName;
        return this;
    }

    /** Names the function. */
    public LibraryTaskDescriptor withFunction(String functionName) {
        this.functionName = functionName;
        return this;
    }

    /** Gives the arguments. */
    public LibraryTaskDescriptor withParameters(Object[] parameters) {
        return this;
    }

    /** Says what the function does to each argument. */
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
