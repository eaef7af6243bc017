using System.Globalization;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Chooses language, clock and zone of numbers and times, with an example of each as it would be.</summary>
public sealed partial class LocaleForm
{
    private static readonly (string Tag, string Name)[] Languages = [.. OperatorCulture.Languages.Select(tag => (tag, NameOf(tag))).OrderBy(one => one.Item2, StringComparer.Ordinal)];

    private static readonly string[] Zones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/') || id == "UTC").Order(StringComparer.Ordinal)];

    private string _language = "";
    private string _clock = "";
    private string _zone = "";
    private string? _fault;
    private OperatorLocale? _filled;

    [Inject] public required BrowserLocale Browser { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired] public OperatorLocale Locale { get; set; } = OperatorLocale.None;

    [Parameter] public EventCallback<OperatorLocale> Save { get; set; }

    private string BrowserZone => OperatorLocale.IsZone(Browser.Zone, out _) ? Browser.Zone! : "UTC";

    private OperatorLocale Chosen => new(
        _language.Length == 0 ? null : _language, _clock.Length == 0 ? null : _clock == "12", string.IsNullOrWhiteSpace(_zone) ? null : _zone.Trim());

    private (string Number, string Money, string Day, string Time) Example
    {
        get
        {
            var culture = OperatorCulture.Of(Chosen.Language ?? Browser.Language, Chosen.Is12Hour);
            _ = OperatorLocale.IsZone(Chosen.Zone ?? Browser.Zone, out var zone);
            var now = TimeZoneInfo.ConvertTime(Time.GetUtcNow(), zone);
            return (
                12_345.6.ToString("#,##0.0", culture), "$" + 1_234.50m.ToString("#,##0.00", culture), now.ToString(culture.DayPattern, culture),
                now.ToString(culture.MinutePattern, culture));
        }
    }

    protected override void OnParametersSet()
    {
        if (_filled == Locale) return;
        _filled = Locale;
        (_language, _zone) = (Locale.Language ?? "", Locale.Zone ?? "");
        _clock = Locale.Is12Hour switch { true => "12", false => "24", _ => "" };
    }

    private static string NameOf(string tag)
    {
        try
        {
            return CultureInfo.GetCultureInfo(tag).EnglishName;
        }
        catch (CultureNotFoundException)
        {
            return tag;
        }
    }

    private async Task SaveAsync()
    {
        _fault = Chosen.Fault;
        if (_fault is null) await Save.InvokeAsync(Chosen);
    }
}
