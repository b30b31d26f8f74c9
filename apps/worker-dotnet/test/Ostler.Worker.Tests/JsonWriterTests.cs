using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using Ostler.Json;
using Xunit;

namespace Ostler.Tests;

public class JsonWriterTests
{
    private sealed class Page
    {
        public int PageCount { get; set; } = 3;
        public string URL = "u";
        public string? Missing { get; set; }
        [IgnoreDataMember] public string Secret { get; set; } = "s";
        [DataMember(Name = "other")] public DayOfWeek Day { get; set; } = DayOfWeek.Friday;
        public string this[int index] => throw new InvalidOperationException();
    }

    public static IEnumerable<object?[]> Values() =>
    [
        [null, "null"],
        [true, "true"],
        [1.5f, "1.5"],
        [0.1, "0.1"],
        [double.MaxValue, "1.7976931348623157E+308"],
        [9007199254740992L, "9007199254740992"],
        [12.50m, "12.50"],
        ["ä\"\\\n\u0001\u2028", "\"ä\\\"\\\\\\n\\u0001\u2028\""],
        ["\uD83D\uDE00 \uD83D", "\"\uD83D\uDE00 \\ud83d\""],
        ['c', "\"c\""],
        [new Guid("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\""],
        [new DateTime(2026, 11, 30, 1, 2, 3, DateTimeKind.Utc), "\"2026-11-30T01:02:03.0000000Z\""],
        [TimeSpan.FromSeconds(90), "\"00:01:30\""],
        [new int?[] { 1, null }, "[1,null]"],
        [new Dictionary<string, object?> { ["__proto__"] = new List<string>() }, "{\"__proto__\":[]}"],
        [new Dictionary<int, string> { [7] = "x" }, "{\"7\":\"x\"}"],
        [new Page(), "{\"pageCount\":3,\"missing\":null,\"other\":\"Friday\",\"url\":\"u\"}"],
        [new { a = new { b = 1 } }, "{\"a\":{\"b\":1}}"],
    ];

    [Theory, MemberData(nameof(Values))]
    public void It_writes(object? value, string expected) => Assert.Equal(expected, JsonText.Of(value));

    public static IEnumerable<object?[]> Refused()
    {
        var circle = new List<object>();
        circle.Add(circle);
        return
        [
            [new { a = new[] { 1, double.NaN } }, "/a/1", "NaN"],
            [new[] { float.PositiveInfinity }, "/0", "double cannot hold"],
            [(1L << 53) + 1, "", "9007199254740993"],
            [1.00000000000000000000001m, "", "1.00000000000000000000001"],
            [circle, "/0", "circular"],
            [new Dictionary<object, int> { [new object()] = 1 }, "", "a key of type Object"],
            [new { call = (Action)(() => { }) }, "/call", "Action"],
            [typeof(string), "", "Type"],
        ];
    }

    [Theory, MemberData(nameof(Refused))]
    public void It_refuses_what_JSON_would_change_and_names_the_path(object value, string path, string what)
    {
        var error = Assert.Throws<JsonValueException>(() => JsonText.Of(value));
        Assert.Contains(what, error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Bytes_anywhere_in_a_value_travel_beside_it()
    {
        var body = ValueEncoder.Encode(new { list = new object[] { 1, new byte[] { 1, 2 }, new ArraySegment<byte>([0, 3, 0], 1, 1) } }, out var encoding);
        Assert.Equal(2u, encoding);
        Assert.Equal("{'list':[1,<01-02>,<03>]}", Plain.Of(ValueDecoder.Decode(encoding, body)));
    }

    [Fact]
    public void A_property_that_throws_leaves_the_writer_usable()
    {
        Assert.ThrowsAny<Exception>(() => ValueEncoder.Encode(new Throwing(), out _));
        Assert.Equal("[1]", System.Text.Encoding.UTF8.GetString(ValueEncoder.Encode(new[] { 1 }, out _)));
    }

    private sealed class Throwing
    {
        public int Value => throw new InvalidOperationException("no value");
    }
}
