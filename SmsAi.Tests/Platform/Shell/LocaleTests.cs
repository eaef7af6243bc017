using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>Whose marks and times a page gets: the account's, else the browser's; programs get the usual ones.</summary>
public sealed class LocaleTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private OperatorPreferences _preferences = null!;
    private LocaleMiddleware _door = null!;
    private long _mara;
    private string? _culture;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _preferences = new(_database.Databases);
        _door = new(
            _ =>
            {
                _culture = OperatorCulture.Here.Language + " " + NumberText.Of(1_234);
                return Task.CompletedTask;
            },
            _preferences);
        await Operators.AddAsync(_database, "mara@example.org", OperatorRoles.Operator);
        _mara = await _database.ScalarAsync<long>("select id from operators where email = 'mara@example.org'");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Browser_says_it_until_the_account_does()
    {
        (await ComeAsync("/_blazor", "de-CH, en;q=0.5")).ShouldStartWith("de-CH ");
        (await ComeAsync("/_blazor", "en;q=0.5, xx, de-DE;q=0.9")).ShouldBe("de-DE 1.234");
        (await ComeAsync("/_blazor", null, "language=de-DE")).ShouldBe("de-DE 1.234");
        (await ComeAsync("/_blazor", "; drop table")).ShouldBe("en-GB 1,234");

        await _preferences.SetLocaleAsync(_mara, new("it-IT", true, "Europe/Rome"), default);

        (await ComeAsync("/_blazor", "de-DE")).ShouldBe("it-IT 1.234");
    }

    [Fact]
    public async Task Programs_and_webhooks_get_the_usual_marks()
    {
        (await ComeAsync("/api/admin/metrics", "de-DE")).ShouldBe("en-GB 1,234");
        (await ComeAsync("/sms/receive", "de-DE")).ShouldBe("en-GB 1,234");
        (await ComeAsync("/audit/export", "de-DE")).ShouldBe("en-GB 1,234");
    }

    [Fact]
    public async Task While_the_database_is_away_it_stays_as_it_was()
    {
        await _preferences.SetLocaleAsync(_mara, new("it-IT", null, null), default);
        (await ComeAsync("/_blazor", "en-US")).ShouldBe("it-IT 1.234");

        await using (var change = _database.Owner.CreateCommand("alter table operator_preferences rename to out_of_reach")) await change.ExecuteNonQueryAsync();

        (await ComeAsync("/_blazor", "en-US")).ShouldBe("it-IT 1.234");
    }

    [Fact]
    public async Task Choice_is_kept_beside_the_others_and_can_be_taken_back()
    {
        await _preferences.SetSingleKeysAsync(_mara, false, default);
        await _preferences.SetLocaleAsync(_mara, new("fr-FR", false, "Asia/Kolkata"), default);

        (await _preferences.LocaleAsync(_mara, default)).ShouldBe(new OperatorLocale("fr-FR", false, "Asia/Kolkata"));
        (await _preferences.SingleKeysAsync(_mara, default)).ShouldBeFalse();

        await _preferences.SetLocaleAsync(_mara, OperatorLocale.None, default);
        (await _preferences.LocaleAsync(_mara, default)).ShouldBe(OperatorLocale.None);
    }

    [Theory]
    [InlineData("tlh-QO", null, "Language: this one is not known here")]
    [InlineData(null, "Europe/Atlantis", "Time zone: there is no such zone")]
    [InlineData(null, "../../etc/passwd", "Time zone: there is no such zone")]
    public async Task Language_or_zone_nobody_knows_is_not_kept(string? language, string? zone, string fault)
    {
        (await Should.ThrowAsync<ArgumentException>(() => _preferences.SetLocaleAsync(_mara, new(language, null, zone), default))).Message.ShouldStartWith(fault);

        (await _database.ListAsync<long>("select operator_id from operator_preferences")).ShouldBeEmpty();
    }

    private async Task<string?> ComeAsync(string path, string? accepts, string? cookie = null)
    {
        var context = new DefaultHttpContext { User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, _mara.ToString(CultureInfo.InvariantCulture))], "test")) };
        context.Request.Path = path;
        if (accepts is not null) context.Request.Headers.AcceptLanguage = accepts;
        if (cookie is not null) context.Request.Headers.Cookie = cookie;
        await _door.InvokeAsync(context);
        return _culture;
    }
}
