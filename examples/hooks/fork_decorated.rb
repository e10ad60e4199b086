$stdout.sync = true
CALLED = []

def decorate(name)
  Process.singleton_class.prepend(Module.new do
    define_method(:_fork) do
      CALLED << "before #{name}"
      pid = super() # (1)!
      CALLED << "#{pid == 0 ? "child" : "parent"} #{name}"
      pid
    end
  end)
end

decorate("A")
decorate("B")
child = fork { puts ["child: ", *CALLED].join("  ") }
Process.wait(child)
puts ["parent:", *CALLED].join("  ")
