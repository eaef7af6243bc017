using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Auditing;

/// <summary>Who did what, when and why, with the proof that no line was touched.</summary>
public sealed partial class AuditPage
{
    private AuditQuery _query = new();
    private bool _isVerifying;

    [SupplyParameterFromQuery] public string? Who { get; set; }

    [SupplyParameterFromQuery] public string? Act { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }

    [SupplyParameterFromQuery] public string? Since { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [SupplyParameterFromQuery] public string? Row { get; set; }

    [Inject] public required AuditModel Model { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required ClientAddress Client { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    private long? Open => Number(Row);

    protected override Task OnParametersSetAsync()
    {
        _query = new() { Who = Given(Who), Act = Given(Act), Search = Given(Search), Days = new(Given(Since), Given(From), Given(To)) };
        return ReadAsync(LoadAsync);
    }

    private Task LoadAsync(CancellationToken cancel) => Model.LoadAsync(_query.ToFilter(Clock), Number(Before), Number(After), Open, cancel);

    private async Task VerifyAsync()
    {
        if (_isVerifying) return;
        _isVerifying = true;
        await ReadAsync(async cancel =>
        {
            await Model.VerifyAsync(OperatorActor.Of((await Authentication).User, Client.Value), cancel);
            await LoadAsync(cancel);
            Toasts.Show(Model.Verdict?.IsWhole == true ? "Chain is whole" : "Chain is broken", Model.Verdict?.IsWhole == true ? Tone.Ok : Tone.Stop);
        });
        _isVerifying = false;
    }

    private void Filter(AuditQuery query) => Navigation.NavigateTo(Navigation.Search(new()
    {
        ["who"] = query.Who,
        ["act"] = query.Act,
        ["q"] = query.Search,
        ["since"] = query.Days.Since,
        ["from"] = query.Days.From,
        ["to"] = query.Days.To,
    }));

    /// <summary>The same page with one thing changed; another search begins at the newest again.</summary>
    private string PathTo(string name, object? value) => name == "row"
        ? Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = value })
        : Navigation.Search(new() { [name] = value });

    private string PageTo(string direction, long line) => Navigation.Page(direction, line);

    /// <summary>With moments instead of days: the server doesn't know the operator's zone.</summary>
    private string ExportPath(string format)
    {
        var filter = _query.ToFilter(Clock);
        return Navigation.GetUriWithQueryParameters(Navigation.ToAbsoluteUri($"audit/export.{format}").AbsoluteUri, new Dictionary<string, object?>
        {
            ["from"] = Moment(filter.From),
            ["until"] = filter.Until is { } until ? Moment(until) : null,
            ["who"] = filter.Actor,
            ["act"] = filter.Action,
            ["q"] = filter.Search,
        });
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Total(AuditWindow window) => window.Total switch
    {
        > AuditReader.MostCounted => $"more than {NumberText.Of(AuditReader.MostCounted)} rows",
        1 => "1 row",
        var total => $"{NumberText.Of(total)} rows",
    };

    private string Range(AuditWindow window) =>
        $"{Clock.Text(window.Lines[0].At, TimeShape.DayMinute)} back to {Clock.Text(window.Lines[^1].At, TimeShape.DayMinute)}";
}
