using System;

namespace Ostler;

/// <summary>A value that JSON cannot carry, or would change; <see cref="Path"/> is its JSON Pointer ("" = the value itself).</summary>
public sealed class JsonValueException : Exception, IProtocolError
{
    internal JsonValueException(string path, string problem)
        : base($"JSON cannot carry {problem}, at {(path.Length > 0 ? '"' + path + '"' : "the top")}") => Path = path;

    /// <summary>Where the value is, as a JSON Pointer.</summary>
    public string Path { get; }

    string IProtocolError.ErrorName => "JsonValueError";
}
