using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using SmsAi.Bench.Live;

namespace SmsAi.Tests.Platform.Measuring;

/// <summary>What a dashboard without a browser understands of its circuit.</summary>
public sealed class LiveTests
{
    [Fact]
    public void What_is_packed_comes_out_again_and_the_rest_is_skipped()
    {
        var two = new PackWriter().Array(5).Add(1).EmptyMap().Nil().Add("OnRenderCompleted").Array(3).Add(long.MaxValue).Add(true).Add(new string('ä', 90)).ToFrame();
        ReadOnlySpan<byte> frame = [.. two, .. new PackWriter().Array(1).Add(6).ToFrame()];

        PackReader.TryTakeMessage(ref frame, out var bytes).ShouldBeTrue();
        var message = new PackReader(bytes);
        message.ReadArray().ShouldBe(5);
        message.ReadLong().ShouldBe(1);
        message.Skip();
        message.ReadString().ShouldBeNull();
        message.ReadString().ShouldBe("OnRenderCompleted");
        message.ReadArray().ShouldBe(3);
        message.ReadLong().ShouldBe(long.MaxValue);
        message.Skip();
        message.ReadString().ShouldBe(new string('ä', 90));
        PackReader.TryTakeMessage(ref frame, out bytes).ShouldBeTrue();
        new PackReader(bytes).ReadArray().ShouldBe(1);
        PackReader.TryTakeMessage(ref frame, out _).ShouldBeFalse();
    }

    [Fact]
    public void Whatever_kind_of_value_comes_the_next_one_is_found()
    {
        byte[] values =
        [
            0x05, 0xe0, 0xc0, 0xc2, 0xcc, 0xff, 0xcd, 0, 1, 0xce, 0, 0, 0, 1, 0xd3, 0, 0, 0, 0, 0, 0, 0, 1, 0xcb, 0, 0, 0, 0, 0, 0, 0, 0,
            0xa2, (byte)'h', (byte)'i', 0xd9, 1, (byte)'x', 0xc4, 2, 7, 7, 0x92, 1, 0x91, 2, 0x81, 0xa1, (byte)'k', 3, 0xde, 0, 1, 1, 2, 0xdc, 0, 1, 9,
        ];
        var reader = new PackReader([.. values, 0x2a]);
        for (var count = 0; count < 16; count++)
            reader.Skip();
        reader.ReadLong().ShouldBe(42);
    }

    [Fact]
    public void The_greatest_number_that_stands_alone_is_found_in_a_rendering()
    {
        var batch = Batch("Received today", "700,000,041", "peak 700,000,999 at 00:00", "700,000,042", "1,900,000", "div", "");

        RenderBatch.GreatestNumber(batch, least: 700_000_000).ShouldBe(700_000_042);
        RenderBatch.GreatestNumber(batch, least: 800_000_000).ShouldBeNull();
        RenderBatch.GreatestNumber(Batch(), least: 0).ShouldBeNull();
    }

    [Fact]
    public void A_number_counts_every_text_up_to_it_once_and_from_when_each_was_due()
    {
        var shown = new ShownNumbers(3);
        var (first, second) = (shown.NewScreen(), shown.NewScreen());
        for (var index = 0; index < 3; index++)
            shown.Sent(index, dueAt: index * Stopwatch.Frequency);

        first.Shows(2, at: 4 * Stopwatch.Frequency);
        first.Shows(2, at: 5 * Stopwatch.Frequency);
        first.Shows(3, at: 6 * Stopwatch.Frequency);
        second.Shows(1, at: 1 * Stopwatch.Frequency);

        shown.Times.Select(time => time.TotalSeconds).Order().ShouldBe([1, 3, 4, 4]);
        (first.Counted, second.Counted).ShouldBe((3, 1));
    }

    [Fact]
    public void A_text_that_was_not_sent_yet_is_not_counted()
    {
        var shown = new ShownNumbers(2);
        var screen = shown.NewScreen();
        shown.Sent(0, dueAt: 0);

        screen.Shows(2, at: Stopwatch.Frequency);

        screen.Counted.ShouldBe(1);
    }

    /// <summary>A batch without renderings: its strings, the table of where they are, and where its five parts begin.</summary>
    private static byte[] Batch(params string[] texts)
    {
        var bytes = new List<byte>();
        var places = new List<int>();
        foreach (var text in texts)
        {
            places.Add(bytes.Count);
            bytes.Add((byte)Encoding.UTF8.GetByteCount(text));
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
        }

        var table = bytes.Count;
        foreach (var number in (int[])[.. places, 0, 0, 0, 0, table])
        {
            var four = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(four, number);
            bytes.AddRange(four);
        }

        return [.. bytes];
    }
}
