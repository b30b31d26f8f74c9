using System;
using System.Globalization;

namespace Ostler.Json;

/// <summary>Numbers as text. Every reader has doubles at least, so what a double would change is not sent.</summary>
internal static class JsonNumber
{
    private const long MaxExact = 1L << 53;

    /// <summary>The digits of a number of any type; null if it is no number; throws a FormatException if a double cannot hold it.</summary>
    public static string? Digits(object value) => value switch
    {
        int number => Invariant(number),
        double number => OfDouble(number),
        long number => OfInteger(number, number is >= -MaxExact and <= MaxExact),
        float number => OfDouble(number),
        decimal number => OfDecimal(number),
        ulong number => OfInteger(number, number <= MaxExact),
        byte or sbyte or short or ushort or uint => Invariant((IFormattable)value),
        _ => null,
    };

    private static string OfDouble(double number)
    {
        if (double.IsNaN(number) || double.IsInfinity(number)) throw Inexact(number);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        // .NET Framework's "R" does not always give enough digits.
        return double.Parse(shortest, CultureInfo.InvariantCulture) == number
            ? shortest
            : number.ToString("G17", CultureInfo.InvariantCulture);
    }

    private static string OfInteger(decimal number, bool isSmall) => isSmall ? Invariant(number) : OfDecimal(number);

    private static string OfDecimal(decimal number)
    {
        var digits = OfDouble((double)number);
        var same = decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back == number;
        return same ? Invariant(number) : throw Inexact(number);
    }

    private static string Invariant(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static FormatException Inexact(IFormattable number) => new($"{Invariant(number)} (a double cannot hold it)");
}
