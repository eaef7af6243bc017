using SmsAi.Core.Features.Metrics;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The Overview's longer pictures on a real database.</summary>
public sealed class OverviewSpansTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestDatabase _database = null!;
    private OverviewSpans _spans = null!;

    public async ValueTask InitializeAsync()
    {
        GoTo(new(2026, 3, 10, 14, 31, 30, TimeSpan.Zero));
        _database = await TestDatabase.CreateAsync();
        _spans = new OverviewSpans(_database.Databases, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _spans.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Day_is_the_utc_day_so_far_in_half_hours_with_its_stops()
    {
        await MinuteAsync("2026-03-09 23:59Z", 7, 7);
        await MinuteAsync("2026-03-10 00:00Z", 1, 2);
        await MinuteAsync("2026-03-10 00:29Z", 10, 20);
        await MinuteAsync("2026-03-10 14:31Z", 3, 4, bucket: 23);
        await _database.ExecuteAsync("insert into control_flips (ver, name, stopped, by_name, at) values (1, 'kill', true, 'Ann', '2026-03-09 10:00Z'), (2, 'kill', false, 'Ann', '2026-03-10 02:00Z')");

        var day = await ReadAsync(OverviewReach.Today);
        day.Step.ShouldBe(TimeSpan.FromMinutes(30));
        day.Steps.Count.ShouldBe(30);
        day.Steps[0].ShouldBe(new OverviewStep(new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero), 11, 22, null, null));
        // Two seconds: the bucket from 1.6 to 2 s.
        day.Steps[^1].ShouldBe(new OverviewStep(new(2026, 3, 10, 14, 30, 0, TimeSpan.Zero), 3, 4, 1800, 1980));
        (day.AnswerP50, day.AnswerP95).ShouldBe((1800, 1980));
        day.Bands.Select(band => $"{band.Switch} {band.From:HH:mm}-{band.Until:HH:mm}").ShouldBe(["kill 00:00-02:00"]);
    }

    [Theory]
    [InlineData(0, 2, 5, 1)]
    [InlineData(3, 59, 5, 48)]
    [InlineData(4, 0, 15, 17)]
    [InlineData(23, 59, 30, 48)]
    public async Task Young_day_has_short_steps(int hour, int minute, int step, int count)
    {
        GoTo(new(2026, 3, 11, hour, minute, 0, TimeSpan.Zero));
        var day = await ReadAsync(OverviewReach.Today);
        (day.Step, day.Steps.Count).ShouldBe((TimeSpan.FromMinutes(step), count));
        day.Steps[0].At.ShouldBe(new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Week_follows_what_comes_drops_what_has_passed_and_learns_of_figures_counted_anew()
    {
        await MinuteAsync("2026-03-03 14:59Z", 7, 7);
        await MinuteAsync("2026-03-03 15:00Z", 5, 5);
        await MinuteAsync("2026-03-10 14:31Z", 1, 1);
        var week = await ReadAsync(OverviewReach.Week);
        week.Steps.Count.ShouldBe(56);
        (week.Steps[0].At, week.Steps[0].In, week.Steps[^1].In).ShouldBe((new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero), 5, 1));

        await MinuteAsync("2026-03-10 14:32Z", 2, 2);
        (await ReadAsync(OverviewReach.Week)).ShouldBeSameAs(week, "within some seconds all who ask share one reading");
        _time.Pass(TimeSpan.FromSeconds(5));
        (await ReadAsync(OverviewReach.Week)).Steps[^1].In.ShouldBe(3);

        await _database.ExecuteAsync("update metric_minutes set texts_in = 50 where minute = '2026-03-03 15:00Z'");
        _time.Pass(TimeSpan.FromMinutes(11));
        (await ReadAsync(OverviewReach.Week)).Steps[0].In.ShouldBe(50);

        _time.Pass(TimeSpan.FromMinutes(30));
        var later = await ReadAsync(OverviewReach.Week);
        (later.Steps[0].At, later.Steps[0].In, later.Steps[^2].In, later.Steps[^1].In).ShouldBe((new(2026, 3, 3, 18, 0, 0, TimeSpan.Zero), 0, 3, 0));
    }

    private void GoTo(DateTimeOffset moment) => _time.Pass(moment - _time.GetUtcNow());

    private Task<OverviewSpan> ReadAsync(OverviewReach reach) => _spans.ReadAsync(reach, CancellationToken.None);

    private Task MinuteAsync(string minute, int textsIn, int textsOut, int? bucket = null) => _database.ExecuteAsync(
        "insert into metric_minutes (minute, texts_in, texts_out, answer_times) values ($1::timestamptz, $2, $3, $4)",
        DateTime.Parse(minute, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal),
        textsIn, textsOut, bucket is { } at ? Enumerable.Range(0, at + 1).Select(index => index == at ? 1 : 0).ToArray() : Array.Empty<int>());
}
