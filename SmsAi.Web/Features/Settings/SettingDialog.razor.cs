using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Settings;

/// <summary>Changes one setting, or puts it back to what holds without the console.</summary>
public sealed partial class SettingDialog
{
    private string _value = "";
    private string _reason = "";
    private string? _valueFault;
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;
    private int _version;
    private string? _consoleBefore;
    private SettingChange? _theirs;

    [Parameter, EditorRequired] public SettingView View { get; set; } = null!;

    [Inject] public required SettingActs Acts { get; init; }

    [Inject] public required SettingReader Reader { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private string? Without => Reader.WithoutConsole(View.Setting);

    private string Hint => View.Setting.Kind == SettingKind.LongText
        ? $"{View.Setting.Allowed}."
        : $"{View.Setting.Allowed}. Default: {SettingWords.Value(View.Setting, View.Setting.Default)}.";

    /// <summary>What was saved, or null.</summary>
    public static async Task<SavedSetting?> OpenAsync(DialogService dialogs, SettingView view) => await dialogs.OpenAsync<SettingDialog>(
        $"Change {SettingWords.Name(view.Setting)}", new Dictionary<string, object?> { [nameof(View)] = view }, DialogShape.Small) as SavedSetting;

    protected override void OnInitialized()
    {
        (_value, _version) = (View.Value ?? "", View.Version);
        _consoleBefore = View.Source == SettingSource.Console ? View.Value : null;
    }

    private async Task SaveAsync(bool reset)
    {
        (_valueFault, _fault) = (null, null);
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_isWorking || _reasonFault is not null) return;
        _isWorking = true;
        try
        {
            var actor = await Acting.ActorAsync(Rights.CanAdminister);
            switch (await Acts.ChangeAsync(View.Setting.Key, reset ? null : _value, _version, _reason.Trim(), actor, CancellationToken.None))
            {
                case SettingOutcome.Wrong wrong:
                    _valueFault = wrong.Fault;
                    break;
                case SettingOutcome.Conflict conflict:
                    (_theirs, _version, _consoleBefore) = (conflict.Theirs, conflict.Theirs.Version, conflict.Theirs.Value);
                    break;
                default:
                    Dialogs.Close(new SavedSetting(reset, _consoleBefore, _version + 1));
                    break;
            }
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not saved: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not saved: only an admin may change settings.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}

/// <summary>What a dialog saved.</summary>
/// <param name="ConsoleBefore">The console's value before; null when it had none.</param>
/// <param name="Version">The setting's version now.</param>
public sealed record SavedSetting(bool IsReset, string? ConsoleBefore, int Version);
