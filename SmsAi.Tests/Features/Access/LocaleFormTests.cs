using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Access;

/// <summary>An operator chooses how numbers and times are written, and sees an example before she does.</summary>
public sealed class LocaleFormTests : BunitContext
{
    private readonly ManualTime _time = new();
    private OperatorLocale? _saved;

    public LocaleFormTests()
    {
        Services.AddSingleton<TimeProvider>(_time).AddScoped<BrowserLocale>();
        Services.GetRequiredService<BrowserLocale>().Use("en-US", "America/New_York");
    }

    [Fact]
    public void Example_follows_the_choice_before_it_is_saved()
    {
        var now = _time.GetUtcNow();
        var form = Open(OperatorLocale.None);
        Example(form)[..2].ShouldBe(["12,345.6", "$1,234.50"]);

        form.Find("#locale-language").Change("de-DE");
        form.Find("#locale-zone").Input("Asia/Kolkata");

        Example(form)[..2].ShouldBe(["12.345,6", "$1.234,50"]);
        var kolkata = now.AddMinutes(330);
        Example(form)[3].ShouldBe($"{kolkata.Hour:00}:{kolkata.Minute:00}");
        form.Find("#locale-clock").Change("12");
        Example(form)[3].ShouldMatch("^[0-9]{1,2}:[0-9]{2}\u00a0(AM|PM)$");
        _saved.ShouldBeNull();

        form.Find("form").Submit();
        _saved.ShouldBe(new OperatorLocale("de-DE", true, "Asia/Kolkata"));
    }

    [Fact]
    public void Choice_can_go_back_to_the_browser()
    {
        var form = Open(new("fr-FR", true, "Europe/Paris"));
        form.Find("#locale-zone").GetAttribute("value").ShouldBe("Europe/Paris");
        form.Find("#locale-zone").GetAttribute("placeholder").ShouldBe("America/New_York");

        form.Find("#locale-language").Change("");
        form.Find("#locale-clock").Change("");
        form.Find("#locale-zone").Input(" ");
        form.Find("form").Submit();

        _saved.ShouldBe(OperatorLocale.None);
    }

    [Fact]
    public void Zone_that_does_not_exist_is_told_at_its_field_and_not_saved()
    {
        var form = Open(OperatorLocale.None);

        form.Find("#locale-zone").Input("Berlin");
        form.Find("form").Submit();

        form.Find(".fault").TextContent.ShouldBe("Time zone: there is no such zone. Name a place as in Europe/Berlin.");
        form.Find("#locale-zone").GetAttribute("aria-invalid").ShouldBe("true");
        _saved.ShouldBeNull();
    }

    [Fact]
    public void Nothing_changed_is_nothing_to_save() => Open(new("fr-FR", null, null)).Find("button[type=submit]").HasAttribute("disabled").ShouldBeTrue();

    private static string[] Example(IRenderedComponent<LocaleForm> form) => [.. form.FindAll(".locale-example dd").Select(one => one.TextContent)];

    private IRenderedComponent<LocaleForm> Open(OperatorLocale locale) =>
        Render<LocaleForm>(p => p.Add(f => f.Locale, locale).Add(f => f.Save, chosen => _saved = chosen));
}
