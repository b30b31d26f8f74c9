using System;
using System.Collections.Generic;

namespace Ostler;

/// <summary>The input of a task is not what its handler takes.</summary>
public sealed class JsonBindException : Exception, IProtocolError
{
    internal JsonBindException(string path, string expected, object? got)
        : base($"expected {expected}{(path.Length > 0 ? $" at \"{path}\"" : "")}, got {Describe(got)}") => Path = path;

    /// <summary>Where in the input, as a JSON Pointer.</summary>
    public string Path { get; }

    string IProtocolError.ErrorName => "InputError";

    private static string Describe(object? value) => value switch
    {
        null => "null",
        bool => "a boolean",
        double number => $"the number {number}",
        string text => $"the text \"{(text.Length > 40 ? text.Substring(0, 40) + "…" : text)}\"",
        List<object?> => "a list",
        ReadOnlyMemory<byte> bytes => $"{bytes.Length} bytes",
        _ => "an object",
    };
}
