using System.Text;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Tests.Pipeline.Intake.Webhooks;

/// <summary>The form parser: what browsers and carriers post, at and beyond every limit.</summary>
public sealed class RawFormTests
{
    private static RawForm Parse(string body) => RawForm.Parse(Encoding.Latin1.GetBytes(body));

    private static string[] Pairs(RawForm form) =>
        [.. Enumerable.Range(0, form.Count).Select(index => $"{form.KeyText(index)}={form.ValueText(index)}")];

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a=1", new[] { "a=1" })]
    [InlineData("a=1&b=2&a=3", new[] { "a=1", "b=2", "a=3" })]
    [InlineData("a=&b&=c", new[] { "a=", "b=", "=c" })]
    [InlineData("&&a=1&&", new[] { "a=1" })]
    [InlineData("a=1=2", new[] { "a=1=2" })]
    [InlineData("From=%2B14158675309&Body=hi+there%21", new[] { "From=+14158675309", "Body=hi there!" })]
    [InlineData("Body=%E2%82%AC%20%f0%9f%98%80", new[] { "Body=€ 😀" })]
    [InlineData("Body=100%&x=%4&y=%zz&z=%%41", new[] { "Body=100%", "x=%4", "y=%zz", "z=%A" })]
    [InlineData("a%26b=c%3Dd;e=f", new[] { "a&b=c=d;e=f" })]
    [InlineData("  a = b ", new[] { "  a = b " })]
    public void Form_is_read_as_posted_in_arrival_order(string body, string[] expected) => Pairs(Parse(body)).ShouldBe(expected);

    [Fact]
    public void Nul_is_noticed_and_left_out_of_text_but_kept_in_bytes()
    {
        var form = Parse("Body=a%00b");
        form.HasNul.ShouldBeTrue();
        form.Text("Body"u8).ShouldBe("ab");
        form.Value(0).ToArray().ShouldBe("a\0b"u8.ToArray());
    }

    [Theory]
    [InlineData("Body=caf%E9")]
    [InlineData("Body=caf\u00e9")]
    [InlineData("%FFkey=1")]
    [InlineData("Body=%E2%82&Other=%AC")]
    public void Bad_utf8_is_noticed_and_replaced(string body)
    {
        var form = Parse(body);
        form.HasBadUtf8.ShouldBeTrue();
        string.Concat(Pairs(form)).ShouldContain('\uFFFD');
    }

    [Fact]
    public void Good_utf8_is_not_called_bad() => Parse("Body=%C3%A9&x=\u00c3\u00a9").HasBadUtf8.ShouldBeFalse();

    [Fact]
    public void Body_of_64_KB_is_read_and_one_byte_more_is_413()
    {
        // Four values of 16 KB less their keys and separators fill the body exactly.
        var body = string.Join('&', "abcd".Select(key => $"{key}={new string('x', 16_381)}")) + "&";
        body.Length.ShouldBe(65_536);
        Parse(body).Count.ShouldBe(4);
        var fault = Parse(body + "&").Fault.ShouldNotBeNull();
        (fault.Kind, fault.Status).ShouldBe((FormFaultKind.BodyTooLarge, 413));
    }

    [Fact]
    public void Hundred_fields_are_read_and_one_more_is_400()
    {
        var body = string.Join('&', Enumerable.Range(0, 100).Select(index => $"k{index}=v"));
        Parse(body).Count.ShouldBe(100);
        var refused = Parse(body + "&k=v");
        refused.Fault!.Kind.ShouldBe(FormFaultKind.TooManyKeys);
        refused.Fault.Status.ShouldBe(400);
        refused.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(256, 16_384, null)]
    [InlineData(257, 1, FormFaultKind.KeyTooLong)]
    [InlineData(1, 16_385, FormFaultKind.ValueTooLong)]
    public void Key_and_value_may_be_as_long_as_their_limits(int key, int value, FormFaultKind? fault) =>
        (Parse($"{new string('k', key)}={new string('v', value)}").Fault?.Kind).ShouldBe(fault);

    [Fact]
    public void Limits_count_decoded_bytes()
    {
        var form = Parse("v=" + string.Concat(Enumerable.Repeat("%41", 16_384)));
        form.Fault.ShouldBeNull();
        form.Text("v"u8)!.Length.ShouldBe(16_384);
    }

    [Fact]
    public void Body_of_nothing_but_separators_costs_little_and_holds_nothing() => Parse(new string('&', 65_536)).Count.ShouldBe(0);

    [Fact]
    public void Random_fields_survive_encoding_and_reading()
    {
        var random = new Random(20261);
        const string letters = "aZ09 +%&=;#\n\r\t€é😀\u4e2d\"'<>";
        for (var round = 0; round < 300; round++)
        {
            var fields = Enumerable.Range(0, random.Next(1, 12))
                .Select(index => KeyValuePair.Create($"k{index % 5}", RandomText(random, letters))).ToList();
            var form = RawForm.Parse(RawForm.Encode(fields));
            Pairs(form).ShouldBe(fields.Select(field => $"{field.Key}={field.Value}"));
            form.HasBadUtf8.ShouldBeFalse();
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var bytes = new byte[400];
        for (var round = 0; round < 2_000; round++)
        {
            random.NextBytes(bytes);
            for (var index = 0; index < bytes.Length; index += random.Next(1, 9)) bytes[index] = (byte)"%&=+"[random.Next(4)];
            Pairs(RawForm.Parse(bytes)).Length.ShouldBeLessThanOrEqualTo(100);
        }
    }

    private static string RandomText(Random random, string letters)
    {
        var runes = letters.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }
}
