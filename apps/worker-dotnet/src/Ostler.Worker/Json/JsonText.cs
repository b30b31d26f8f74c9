using System;

namespace Ostler.Json;

/// <summary>A value as JSON text.</summary>
internal static class JsonText
{
    /// <summary>Throws a JsonValueException for what JSON cannot carry.</summary>
    public static string Of(object? value)
    {
        var writer = new JsonWriter();
        writer.Write(value);
        return Protocol.Utf8.Decode(writer.Json);
    }

    /// <summary>Whether JSON holds the value, without bytes beside it.</summary>
    public static bool CanHold(object? value)
    {
        try
        {
            var writer = new JsonWriter();
            writer.Write(value);
            return writer.Attachments.Count == 0;
        }
        catch (Exception)
        {
            return false; // whatever a property throws: on Mono even those of a CancellationToken, which an exception may carry
        }
    }
}
