using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Tests.Pipeline.Sending;

/// <summary>Counting parts as carriers bill them.</summary>
public sealed class SegmentsTests
{
    private const string Basic =
        "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡¤ΔΦΓΛΩΠΨΣΘΞ";

    private static string Of(string letter, int count) => string.Concat(Enumerable.Repeat(letter, count));

    [Theory]
    [InlineData("a", 0, SmsEncoding.Gsm7, 0, 0)]
    [InlineData("a", 1, SmsEncoding.Gsm7, 1, 1)]
    [InlineData("a", 160, SmsEncoding.Gsm7, 1, 160)]
    [InlineData("a", 161, SmsEncoding.Gsm7, 2, 161)]
    [InlineData("a", 306, SmsEncoding.Gsm7, 2, 306)]
    [InlineData("a", 307, SmsEncoding.Gsm7, 3, 307)]
    [InlineData("a", 1600, SmsEncoding.Gsm7, 11, 1600)]
    [InlineData("é", 160, SmsEncoding.Gsm7, 1, 160)]
    [InlineData("€", 80, SmsEncoding.Gsm7, 1, 160)]
    [InlineData("€", 81, SmsEncoding.Gsm7, 2, 162)]
    [InlineData("€", 152, SmsEncoding.Gsm7, 2, 304)]
    [InlineData("€", 153, SmsEncoding.Gsm7, 3, 306)]
    [InlineData("\r\n", 80, SmsEncoding.Gsm7, 1, 160)]
    [InlineData("ç", 70, SmsEncoding.Ucs2, 1, 70)]
    [InlineData("ç", 71, SmsEncoding.Ucs2, 2, 71)]
    [InlineData("ç", 134, SmsEncoding.Ucs2, 2, 134)]
    [InlineData("ç", 135, SmsEncoding.Ucs2, 3, 135)]
    [InlineData("😀", 35, SmsEncoding.Ucs2, 1, 70)]
    [InlineData("😀", 36, SmsEncoding.Ucs2, 2, 72)]
    [InlineData("😀", 66, SmsEncoding.Ucs2, 2, 132)]
    [InlineData("😀", 67, SmsEncoding.Ucs2, 3, 134)]
    [InlineData("👨‍👩‍👧‍👦", 6, SmsEncoding.Ucs2, 1, 66)]
    [InlineData("👨‍👩‍👧‍👦", 7, SmsEncoding.Ucs2, 2, 77)]
    [InlineData("👨‍👩‍👧‍👦", 12, SmsEncoding.Ucs2, 2, 132)]
    [InlineData("👨‍👩‍👧‍👦", 13, SmsEncoding.Ucs2, 3, 143)]
    [InlineData("🇩🇪", 17, SmsEncoding.Ucs2, 1, 68)]
    [InlineData("🇩🇪", 33, SmsEncoding.Ucs2, 3, 132)]
    [InlineData("e\u0301", 36, SmsEncoding.Ucs2, 2, 72)]
    public void Repeated_letters_fill_parts(string letter, int count, SmsEncoding encoding, int segments, int units)
    {
        var counted = Segments.Count(Of(letter, count));
        (counted.Encoding, counted.Segments, counted.Units).ShouldBe((encoding, segments, units));
    }

    [Fact]
    public void Letter_of_two_septets_does_not_straddle_parts()
    {
        // The first part holds 152 septets and leaves one empty: 152 + 2 + 152 needs a third part where 306 septets would do with two.
        Segments.Count(Of("a", 152) + "€" + Of("a", 151)).Segments.ShouldBe(2);
        Segments.Count(Of("a", 152) + "€" + Of("a", 152)).Segments.ShouldBe(3);
        Segments.Count(Of("a", 151) + "€" + Of("a", 153)).Segments.ShouldBe(2);
    }

    [Fact]
    public void Surrogate_pair_does_not_straddle_parts()
    {
        Segments.Count(Of("ç", 66) + "😀" + Of("ç", 65)).Segments.ShouldBe(2);
        Segments.Count(Of("ç", 66) + "😀" + Of("ç", 66)).Segments.ShouldBe(3);
    }

    [Fact]
    public void Line_end_of_two_may_straddle_parts() => Segments.Count(Of("ç", 66) + "\r\n" + Of("ç", 66)).Segments.ShouldBe(2);

    [Fact]
    public void Every_letter_of_the_basic_set_costs_one_septet()
    {
        Basic.Length.ShouldBe(127);
        foreach (var letter in Basic) Segments.Count(letter.ToString()).ShouldSatisfyAllConditions(
            counted => counted.Units.ShouldBe(1), counted => counted.Encoding.ShouldBe(SmsEncoding.Gsm7));
    }

    [Theory]
    [InlineData("^{}\\[~]|€\f")]
    public void Every_letter_of_the_extension_costs_two(string letters)
    {
        foreach (var letter in letters) Segments.Count(letter.ToString()).Units.ShouldBe(2);
    }

    [Theory]
    [InlineData("`")]
    [InlineData("ç")]
    [InlineData("á")]
    [InlineData("í")]
    [InlineData("ó")]
    [InlineData("ú")]
    [InlineData("â")]
    [InlineData("ê")]
    [InlineData("’")]
    [InlineData("“")]
    [InlineData("—")]
    [InlineData("…")]
    [InlineData("•")]
    [InlineData("\u00a0")]
    [InlineData("\t")]
    [InlineData("\u001b")]
    [InlineData("\0")]
    [InlineData("Α")]
    public void One_foreign_letter_makes_all_16_bit(string letter)
    {
        var counted = Segments.Count(Of("a", 70) + letter);
        (counted.Encoding, counted.Segments).ShouldBe((SmsEncoding.Ucs2, 2));
        counted.Forcing.ShouldBe([letter]);
    }

    [Fact]
    public void Half_a_surrogate_pair_makes_all_16_bit() => Segments.Count("a\ud800").Forcing.ShouldBe(["\ud800"]);

    [Fact]
    public void Forcing_letters_are_named_whole_and_once() =>
        Segments.Count("’a’ 👨‍👩‍👧 e\u0301 — 👨‍👩‍👧\r\n").Forcing.ShouldBe(["’", "👨‍👩‍👧", "e\u0301", "—"]);

    [Theory]
    [InlineData("", 160)]
    [InlineData("abc", 157)]
    [InlineData("ça", 68)]
    public void Room_that_is_left_is_told(string text, int left) => Segments.Count(text).UnitsLeft.ShouldBe(left);

    [Fact]
    public void Room_in_the_last_of_several_parts_is_told() => Segments.Count(Of("a", 161)).UnitsLeft.ShouldBe(145);

    [Fact]
    public void Heap_of_accents_longer_than_a_part_is_counted() => Segments.Count("a" + Of("\u0301", 200)).Segments.ShouldBe(3);

    [Fact]
    public void Random_texts_count_as_a_plain_packing_does()
    {
        string[] letters = ["a", "é", "€", "|", "ç", "😀", "🇩🇪", "👍🏽", "e\u0301", "\r\n", "漢", " "];
        var random = new Random(20263);
        for (var round = 0; round < 500; round++)
        {
            var kinds = random.Next(2) == 0 ? 4 : letters.Length;
            var text = string.Concat(Enumerable.Range(0, random.Next(400)).Select(_ => letters[random.Next(kinds)]));
            var (segments, units) = Pack(text);
            var counted = Segments.Count(text);
            (counted.Segments, counted.Units).ShouldBe((segments, units), text);
        }
    }

    /// <summary>Written apart from the code under test: lists of letters, put into boxes one by one.</summary>
    private static (int Segments, int Units) Pack(string text)
    {
        if (text.Length == 0) return (0, 0);
        var letters = new List<string>();
        var walk = System.Globalization.StringInfo.GetTextElementEnumerator(text);
        while (walk.MoveNext())
        {
            if (walk.GetTextElement() == "\r\n") letters.AddRange(["\r", "\n"]);
            else letters.Add(walk.GetTextElement());
        }

        var isGsm = text.All(letter => Basic.Contains(letter) || "^{}\\[~]|€\f".Contains(letter));
        int Size(string letter) => isGsm ? (Basic.Contains(letter) ? 1 : 2) : letter.Length;
        var units = letters.Sum(Size);
        if (units <= (isGsm ? 160 : 70)) return (1, units);

        var boxes = new List<int> { 0 };
        foreach (var letter in letters)
        {
            if (boxes[^1] + Size(letter) > (isGsm ? 153 : 67)) boxes.Add(0);
            boxes[^1] += Size(letter);
        }

        return (boxes.Count, units);
    }
}
