using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Edits a person's preferences with what was seen in hand; somebody else's change meanwhile is shown beside one's own.</summary>
public sealed partial class PreferencesDialog
{
    private static readonly string[] Zones = [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId && zone.Id.Contains('/')).Select(zone => zone.Id).Order(StringComparer.Ordinal)];

    private PersonPreferences _seen = PersonPreferences.None;
    private string _from = "";
    private string _until = "";
    private string _zone = "";
    private string _language = "";
    private string _persona = "";
    private bool _smsNotices;
    private bool _emailNotices;
    private bool _autoRetry;
    private bool _voice;
    private IReadOnlyDictionary<string, string> _faults = new Dictionary<string, string>();
    private (PersonPreferences Theirs, string? By)? _conflict;
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    [Parameter, EditorRequired] public PersonPreferences Seen { get; set; } = PersonPreferences.None;

    [Inject] public required PersonActs Acts { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private PersonPreferences Wanted => new()
    {
        TimeZone = _zone.Trim(),
        Language = _language.Length == 0 ? null : _language,
        Persona = _persona.Trim() is { Length: > 0 } persona ? persona : null,
        QuietFrom = HourOf(_from),
        QuietUntil = HourOf(_until),
        SmsNotices = _smsNotices,
        EmailNotices = _emailNotices,
        AutoRetry = _autoRetry,
        VoiceAssistant = _voice,
    };

    /// <summary>True when they were saved.</summary>
    public static async Task<bool> OpenAsync(DialogService dialogs, long person, PersonPreferences seen) => await dialogs.OpenAsync<PreferencesDialog>(
        "Edit preferences", new Dictionary<string, object?> { [nameof(Person)] = person, [nameof(Seen)] = seen }, DialogShape.Small) is true;

    protected override void OnInitialized() => Fill(Seen);

    private static int? HourOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) ? hour : null;

    private static string HourText(int? hour) => hour?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<(string Name, string Theirs, string Yours)> Differences(PersonPreferences theirs, PersonPreferences yours) => new (string Name, string Theirs, string Yours)[]
    {
        ("Quiet hours", Quiet(theirs), Quiet(yours)),
        ("Time zone", theirs.TimeZone, yours.TimeZone),
        ("Language", LanguageOf(theirs), LanguageOf(yours)),
        ("Persona", theirs.Persona ?? "the usual one", yours.Persona ?? "the usual one"),
        ("Notices by text", OnOff(theirs.SmsNotices), OnOff(yours.SmsNotices)),
        ("Ask the model again", OnOff(theirs.AutoRetry), OnOff(yours.AutoRetry)),
        ("Notices by e-mail", OnOff(theirs.EmailNotices), OnOff(yours.EmailNotices)),
        ("Voice assistant", OnOff(theirs.VoiceAssistant), OnOff(yours.VoiceAssistant)),
    }.Where(line => line.Theirs != line.Yours);

    private static string Quiet(PersonPreferences preferences) =>
        preferences.QuietFrom is { } from ? $"{ClockText.Of(new TimeOnly(from, 0))} to {ClockText.Of(new TimeOnly(preferences.QuietUntil ?? 0, 0))}" : "none";

    private static string LanguageOf(PersonPreferences preferences) => preferences.Language is { } code ? PersonPreferences.Languages[code] : "of each text";

    private static string OnOff(bool on) => on ? "on" : "off";

    private string? FaultOf(string field) => _faults.GetValueOrDefault(field);

    private void Fill(PersonPreferences from)
    {
        _seen = from;
        (_from, _until) = (HourText(from.QuietFrom), HourText(from.QuietUntil));
        (_zone, _language, _persona) = (from.TimeZone, from.Language ?? "", from.Persona ?? "");
        (_smsNotices, _emailNotices, _autoRetry, _voice) = (from.SmsNotices, from.EmailNotices, from.AutoRetry, from.VoiceAssistant);
    }

    private void TakeTheirs()
    {
        if (_conflict is not { } conflict) return;
        Fill(conflict.Theirs);
        _conflict = null;
    }

    private async Task SaveAsync()
    {
        var wanted = Wanted;
        _faults = PersonActs.FaultsOf(wanted);
        if (_faults.Count > 0 || _isWorking) return;
        (_fault, _isWorking) = (null, true);
        try
        {
            var saved = await Desk.AsActorAsync(Rights.CanOperate, actor => Acts.SavePreferencesAsync(Person, _seen, wanted, actor, CancellationToken.None));
            if (saved.Theirs is { } theirs)
                // Whoever saves again has seen theirs.
                (_seen, _conflict) = (theirs, (theirs, saved.By));
            else if (saved.IsGone)
                _fault = "Not saved: this person was erased.";
            else
                Dialogs.Close(true);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not saved: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not saved: your role may look, not change.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
