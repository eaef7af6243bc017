using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;

namespace SmsAi.Web.Features.People;

/// <summary>The facts beside a person, with the one way to her number, which hides itself again.</summary>
public sealed partial class UserFacts : IDisposable
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(30);

    private PersonContact? _contact;
    private long _of;
    private ITimer? _hiding;

    [Parameter, EditorRequired] public PersonProfile Person { get; set; } = null!;

    [Parameter] public bool MayReveal { get; set; }

    [Parameter] public bool MayOperate { get; set; }

    /// <summary>Something of hers was changed here.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private string? WhyNot => !Person.HasNumber ? "The number is erased" : MayReveal ? null : "Only an admin may see numbers";

    public void Dispose() => _hiding?.Dispose();

    protected override void OnParametersSet()
    {
        if (_of != Person.Line.Id) Hide();
        _of = Person.Line.Id;
    }

    private static string OnOff(bool on) => on ? "on" : "off";

    private async Task EditAsync()
    {
        if (await PreferencesDialog.OpenAsync(Dialogs, Person.Line.Id, Person.Preferences)) await OnChanged.InvokeAsync();
    }

    private async Task ChangeBillingAsync()
    {
        if (await BillingDialog.OpenAsync(Dialogs, Person.Line.Id, Person.BillingId)) await OnChanged.InvokeAsync();
    }

    private static string Sentence(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    private async Task RevealAsync()
    {
        var person = Person.Line.Id;
        if (await RevealDialog.OpenAsync(Dialogs, person) is not { } contact || person != Person.Line.Id) return;
        _contact = contact;
        HideLater();
    }

    private async Task ChangeContactAsync()
    {
        var person = Person.Line.Id;
        if (await ContactDialog.OpenAsync(Dialogs, person, _contact!) is not { } changed || person != Person.Line.Id) return;
        _contact = changed;
        HideLater();
        await OnChanged.InvokeAsync();
    }

    private void HideLater()
    {
        _hiding?.Dispose();
        _hiding = Time.CreateTimer(_ => _ = InvokeAsync(() => { Hide(); StateHasChanged(); }), null, Shown, Timeout.InfiniteTimeSpan);
    }

    private void Hide()
    {
        _contact = null;
        _hiding?.Dispose();
        _hiding = null;
    }
}
