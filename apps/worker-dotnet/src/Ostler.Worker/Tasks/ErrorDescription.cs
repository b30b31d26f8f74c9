using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Ostler.Json;

namespace Ostler.Tasks;

/// <summary>What a FAILURE says of an exception: name, message, stack, code, data (16 KiB) and up to five causes.</summary>
internal static class ErrorDescription
{
    private const int MaxCauses = 5, MaxText = 65_536, MaxData = 16_384;

    public static Dictionary<string, object?> Of(Exception error) => Of(Unwrap(error), MaxCauses);

    /// <summary>The one exception in an AggregateException, or in what reflection throws.</summary>
    public static Exception Unwrap(Exception error) => error switch
    {
        AggregateException { InnerExceptions.Count: 1 } many => Unwrap(many.InnerExceptions[0]),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => error,
    };

    private static Dictionary<string, object?> Of(Exception error, int causes)
    {
        var message = Attempt(() => error.Message) ?? "(its Message threw)";
        var name = (error as IProtocolError)?.ErrorName ?? error.GetType().Name;
        var told = new Dictionary<string, object?> { ["name"] = name, ["message"] = Cut(message) };
        var trace = Attempt(() => error.StackTrace);
        if (trace != null) told["stack"] = Cut($"{error.GetType().FullName}: {message}\n{trace}");
        if (CodeOf(error) is { } code) told["code"] = code;
        var data = DataOf(error);
        if (data.Count > 0 && Encoding.UTF8.GetByteCount(JsonText.Of(data)) <= MaxData) told["data"] = data;
        if (error.InnerException != null && causes > 0) told["cause"] = Of(Unwrap(error.InnerException), causes - 1);
        return told;
    }

    private static string? CodeOf(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "ENOENT",
        UnauthorizedAccessException => "EACCES",
        SocketException socket => socket.SocketErrorCode.ToString(),
        _ => error.GetType().GetProperty("Code")?.PropertyType == typeof(string)
            ? Attempt(() => error.GetType().GetProperty("Code")!.GetValue(error) as string)
            : null,
    };

    /// <summary>The properties that the exception's own class adds to Exception, and the texts of its Data.</summary>
    private static Dictionary<string, object?> DataOf(Exception error)
    {
        var data = new Dictionary<string, object?>();
        foreach (var property in error.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.DeclaringType == typeof(Exception) || property.GetIndexParameters().Length > 0 || property.GetMethod?.GetBaseDefinition().DeclaringType == typeof(Exception)) continue;
            Add(data, TypeShape.CamelCase(property.Name), Attempt(() => property.GetValue(error)));
        }
        foreach (DictionaryEntry entry in error.Data)
        {
            if (entry.Key is string key) Add(data, key, entry.Value);
        }
        return data;
    }

    private static void Add(Dictionary<string, object?> data, string key, object? value)
    {
        if (value is not (null or Exception) && JsonText.CanHold(value)) data[key] = value;
    }

    /// <summary>What user code gives; null where it throws: an error is being told already, and goes first.</summary>
    private static T? Attempt<T>(Func<T?> get) where T : class
    {
        try
        {
            return get();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text.Substring(0, MaxText);
}
