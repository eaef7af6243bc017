using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Settings;

/// <summary>Every setting, its value in force and its history; those that may be changed at run time are changed here.</summary>
public sealed partial class SettingsPage
{
    private static readonly KeyValuePair<string, string>[] Shows = [new("live", "What can be changed here"), new("set", "What differs from the default")];

    private bool _mayAdminister;

    [SupplyParameterFromQuery(Name = "q")] public string? Words { get; set; }

    [SupplyParameterFromQuery] public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "setting")] public string? Open { get; set; }

    [Inject] public required SettingsModel Model { get; init; }

    [Inject] public required SettingActs Acts { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private string? WhyNot => _mayAdminister ? null : "Only an admin may change settings";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        (Words, Show, Open) = (Given(Words)?.Trim(), Given(Show), Given(Open));
        _mayAdminister = await Acting.MayAsync(Rights.CanAdminister);
        await ReadAsync(LoadAsync);
    }

    private Task LoadAsync(CancellationToken cancel) => Model.LoadAsync(Open, cancel);

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Settings], leaving))
        {
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }

    private async Task ChangeAsync(SettingView view)
    {
        var saved = await SettingDialog.OpenAsync(Dialogs, view);
        await ReadAsync(LoadAsync);
        if (saved is null) return;
        // What the console said before what was just saved, so that Undo brings exactly that back.
        Toasts.Show(
            saved.IsReset ? $"{view.Setting.Key} is put back" : $"{view.Setting.Key} is changed",
            Tone.Ok, "Undo", () => UndoAsync(view.Setting.Key, saved.ConsoleBefore, saved.Version));
    }

    private async Task UndoAsync(string key, string? before, int version)
    {
        try
        {
            var outcome = await Acts.ChangeAsync(key, before, version, "Undone", await Acting.ActorAsync(Rights.CanAdminister), CancellationToken.None);
            if (outcome is SettingOutcome.Done)
                Toasts.Show($"{key} is as it was");
            else
                Toasts.Show("Not undone: somebody changed it since", Tone.Warn);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            Toasts.Show("Not undone: the database doesn't answer", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            Toasts.Show("Not undone: your role may not do this", Tone.Stop);
        }
    }

    private void Filter(string name, string? value) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = Given(value)?.Trim(), ["setting"] = null }), replace: name == "q");

    private string PathTo(string? setting) => Navigation.GetUriWithQueryParameter("setting", setting);

    private static string IdOf(string group) => "group-" + group.Replace(' ', '-').ToLowerInvariant();
}
